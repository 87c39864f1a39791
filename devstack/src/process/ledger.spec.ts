import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endStranger, type LedgerRecord, leftoversOf } from './ledger.js';
import { processIdentity } from './process-identity.js';

const record: LedgerRecord = {
  owner: { pid: 10, startTime: 'a' },
  children: [
    { name: 'mongo-1', pid: 11, startTime: 'b' },
    { name: 'redis', pid: 12, startTime: 'c' },
  ],
};

test('the children of a living owner are no leftovers', () => {
  expect(leftoversOf(record, () => true)).toEqual([]);
});

test('of a dead owner, the children that still live are leftovers', () => {
  expect(leftoversOf(record, ({ pid }) => pid === 12).map(({ name }) => name)).toEqual(['redis']);
});

test.each([true, false])('a stranger ends whether it leads its process group or not (%s)', async (detached) => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1_000)'], { detached, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const identity = processIdentity(child.pid ?? 0);
  if (identity === undefined) throw new Error('it has just been started');
  await endStranger({ name: 'a sleeper', ...identity }, 60_000);
  expect(await ended).toEqual([null, 'SIGTERM']);
});
