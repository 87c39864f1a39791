import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestStack } from '@parlance/devstack';
import { expect, it } from 'vitest';
import { ParlanceClient } from '../src/index.js';
import { fileOutbox } from '../src-node/index.js';
import { startBalancer } from './balancer.js';
import { until } from './until.js';

it('brings what a killed program had in its outbox into the log, in order and each once, over a bad connection', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-outbox-'));
  const path = join(folder, 'outbox');
  // Fewer a second than are sent, so that messages are refused for a while, too.
  await using stack = await startTestStack({ env: { SEND_PER_USER_PER_SECOND: '40', SEND_PER_USER_BURST: '8' } });
  await using balancer = await startBalancer(stack.gateways[0].url);
  const token = await stack.token('ann');
  const bob = new ParlanceClient({ url: stack.gateways[0].url, getToken: () => stack.token('bob') });
  await bob.connect();
  const { roomId } = await bob.createRoom({ roomType: 'group', participants: ['ann'] });
  const run = (from: number, to: number): ChildProcess =>
    fork(new URL('./fixtures/sending-program.ts', import.meta.url), [
      balancer.url,
      token,
      roomId,
      path,
      `${from}`,
      `${to}`,
    ]);

  const promised = new Set<number>();
  for (let round = 0; round < 5; round++) {
    const program = run(round * 20, round * 20 + 20);
    let acked = 0;
    program.on('message', (number: number) => {
      promised.add(number);
      acked += 1;
      if (acked === 3) balancer.cut();
      if (acked === 5 + round) program.kill('SIGKILL');
    });
    await once(program, 'close');
    for (const { content } of await fileOutbox(path).all()) promised.add(Number(content));
  }
  const last = run(100, 110);
  const said: unknown[] = [];
  last.on('message', (message) => said.push(message));
  await once(last, 'close');

  expect(said.at(-1)).toBe('all');
  expect(await fileOutbox(path).all()).toEqual([]);
  for (let number = 100; number < 110; number++) promised.add(number);
  await until(bob, () => bob.room(roomId)?.lastMessage?.content === '109');
  const numbers = bob.room(roomId)?.messages.map(({ content }) => Number(content));
  expect(numbers).toEqual([...promised].toSorted((left, right) => left - right));
  bob.close();
  await rm(folder, { recursive: true });
});
