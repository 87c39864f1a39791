import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { expect, onTestFinished, test } from 'vitest';
import { allGone, StackFolder } from './stack-folder.js';

test('the cluster profile comes up with months on both hot shards and one address', async () => {
  const folder = await StackFolder.create(onTestFinished);
  const up = folder.cliOnFreePorts(['up', '--detach'], { PROFILE: 'cluster' });
  await up.endsWith(0);

  const names = folder.parts.map(({ name }) => name);
  expect(names.join(' ')).toMatch(
    /^mongo-config mongo-hot-1 mongo-hot-2 mongo-warm-1 mongo-cold-1 mongo-router( redis-[1-6]){6} chat-service-1 chat-service-2 gateway-1 gateway-2 balancer( web)?$/,
  );
  expect(await openMonths(folder)).toHaveLength(3);
  expect(readFileSync(join(folder.parlanceDir, 'logs', 'jobs-create-months.log'), 'utf8')).toContain('hot-1, hot-2');

  const url = folder.cli('url');
  await url.endsWith(0);
  expect(url.output.trim()).toBe(addressOf(folder, 'balancer'));
  expect((await fetch(`${url.output.trim()}/api/docs`)).status).toBe(200);

  const { processes } = folder;
  await folder.cli('down').endsWith(0);
  await allGone(processes);
});

function addressOf(folder: StackFolder, part: string): string {
  return folder.parts.find(({ name }) => name === part)?.address ?? '';
}

async function openMonths(folder: StackFolder): Promise<readonly unknown[]> {
  const client = new MongoClient(`mongodb://${addressOf(folder, 'mongo-router')}/`);
  try {
    return await client.db('parlance').collection('months').find({ state: 'OPEN' }).sort({ monthYear: 1 }).toArray();
  } finally {
    await client.close();
  }
}
