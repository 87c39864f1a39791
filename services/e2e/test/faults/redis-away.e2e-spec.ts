import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { startDeployment } from '../../src/deployment/start-deployment.js';

const awayMs = 6_000;
/** Messages a second, over all rooms; fewer than 200 a room while Redis is away, so that gateways pass them all on (R9). */
const rate = 200;
const roomCount = 10;

it('loses nothing and goes on sending while Redis is flushed and killed under load', async () => {
  await using parlance = await startDeployment({ gateways: 2, chatServices: 2 });
  const [one, two] = parlance.gateways.map(({ url }) => url);
  const [ann, bob] = await Promise.all([ChatClient.connect(one ?? '', 'ann'), ChatClient.connect(two ?? '', 'bob')]);
  const rooms: string[] = [];
  for (let index = 0; index < roomCount; index++) {
    rooms.push((await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] })).roomId);
  }
  await bob.until('the rooms', () => bob.events.filter(({ name }) => name === 'roomJoined').length === roomCount);
  /** When bob was shown a message, by room and id. */
  const shownAt = new Map<string, number>();
  let shownLast = 0;
  bob.socket.on('newMessage', ({ roomId, messageId }) => {
    shownLast = performance.now();
    shownAt.set(`${roomId} ${messageId}`, shownLast);
  });

  const acks: { readonly roomId: string; readonly id: number; readonly sentAt: number }[] = [];
  const refusals: string[] = [];
  const load = new AbortController();
  const sends: Promise<unknown>[] = [];
  const loading = (async () => {
    for (let count = 0; !load.signal.aborted; count++) {
      const roomId = rooms[count % roomCount] ?? '';
      const sentAt = performance.now();
      sends.push(
        ann.request('sendMessage', { roomId, content: 'on and on' }).then((ack) => {
          if (ack.success) acks.push({ roomId, id: ack.data.messageId, sentAt });
          else refusals.push(ack.error.code);
        }),
      );
      await delay(1_000 / rate);
    }
  })();
  const [redis] = parlance.redis.nodes;
  const admin = new Redis({ port: redis?.port ?? 0, host: '127.0.0.1' });
  await admin.flushall();
  admin.disconnect();
  const flushedAt = performance.now();
  await bob.until('messages after the flush', () => shownLast > flushedAt + 500);
  const killedAt = performance.now();
  await redis?.kill('SIGKILL');
  await delay(awayMs);
  await redis?.restart();
  const backAt = performance.now();
  await bob.until('messages after the return', () => shownLast > backAt + 7_000);
  load.abort();
  await loading;
  await Promise.all(sends);

  await bob.until('everything', () => bob.messages.length >= acks.length, 45_000);
  for (const roomId of rooms) {
    const ids = acks.filter((ack) => ack.roomId === roomId).map(({ id }) => id);
    expect(ids.toSorted((left, right) => left - right)).toEqual(ids.map((_, index) => index + 1));
    expect(bob.idsOf(roomId)).toEqual(ids.map((_, index) => index + 1));
  }
  const away = acks.filter(({ sentAt }) => sentAt >= killedAt && sentAt < backAt);
  expect(refusals.length).toBeLessThanOrEqual(away.length / 1_000);
  const late = acks.filter(
    ({ roomId, id, sentAt }) => sentAt >= backAt && (shownAt.get(`${roomId} ${id}`) ?? Infinity) - sentAt > 300,
  );
  const pushAfterMs = Math.max(0, ...late.map(({ sentAt }) => sentAt - backAt));
  process.stdout.write(
    `Redis away for ${awayMs} ms: ${away.length} sends meanwhile, ${refusals.length} refused; the last message that took over 300 ms was sent ${pushAfterMs.toFixed(0)} ms after its return\n`,
  );
  ann.close();
  bob.close();
});
