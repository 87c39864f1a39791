import { addMonths, createMonth, monthOf, startOfMonth } from '@parlance/storage';
import { expect, it } from 'vitest';
import { newRoom } from '../fixtures/new-room.js';
import { newText } from '../fixtures/new-text.js';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pod, type Pods } from '../fixtures/start-pods.js';

let servers: Pods;
sharePods((pods) => (servers = pods));

const minute = 60_000;
const day = 24 * 60 * minute;

it('answers retries after 0 s, 5 min, 24 h and 7 d with the first message, over a month and without Redis', async () => {
  const [one, two] = servers.pods;
  const month = monthOf(Date.now());
  const monthBegins = startOfMonth(month);
  await createMonth(one.mongo.database, addMonths(month, -1));
  const sentAt = monthBegins - 2 * minute;
  setClock(sentAt);
  const roomId = await newRoom(one);
  const { message, epoch } = await send(one, roomId, 'the-one');
  expect(message).toMatchObject({ messageId: 1, monthYear: addMonths(month, -1) });

  for (const laterMs of [0, 5 * minute, day, 7 * day]) {
    setClock(sentAt + laterMs);
    if (laterMs > 0) await one.redis.flushall();
    for (const pod of [two, one])
      expect(await send(pod, roomId, 'the-one')).toEqual({ message, epoch, deduplicated: true });
    if (laterMs === 5 * minute) await goOn(roomId, sentAt + laterMs);
  }

  const { messages } = await two.operations.getMessageHistory(as('bob'), { roomId, limit: 200, afterId: 0 });
  expect(messages.map(({ messageId, content }) => [messageId, content])).toEqual([
    [1, 'the-one'],
    [2, 'first-of-the-month'],
    [3, 'second'],
    [4, 'third'],
  ]);
  expect(messages[1]).toMatchObject({ monthYear: month });
  const stored = [addMonths(month, -1), month].map((each) =>
    one.mongo.database.messages(each).countDocuments({ roomId, clientMessageId: 'the-one' }),
  );
  expect(await Promise.all(stored)).toEqual([1, 0]);
});

it('does not pay for a linearizable read with each send after the month’s end, only with a retry', async () => {
  const [one] = servers.pods;
  const month = monthOf(Date.now());
  setClock(startOfMonth(month) - 2 * minute);
  const roomId = await newRoom(one);
  await send(one, roomId, 'old');
  servers.clockOffsetMs = 0;
  await send(one, roomId, 'opens-the-month');
  servers.takeReads();
  servers.takeReadConcerns();
  const before = addMonths(month, -1).replace('-', '_');
  for (let number = 0; number < 20; number++) {
    expect(await send(one, roomId, `new-${number}`)).toMatchObject({ deduplicated: false });
  }
  expect(servers.takeReads().filter((read) => read.endsWith(before))).toEqual([]);
  expect(servers.takeReadConcerns()).not.toContain('linearizable');
  expect(await send(one, roomId, 'old')).toMatchObject({ deduplicated: true, message: { messageId: 1 } });
  expect(servers.takeReadConcerns().filter((level) => level === 'linearizable')).toHaveLength(1);
});

function setClock(at: number): void {
  servers.clockOffsetMs = at - Date.now();
}

function send(pod: Pod, roomId: string, clientMessageId: string) {
  return pod.operations.sendMessage(as('ann'), newText(roomId, clientMessageId));
}

/**
 * The room goes on in the new month. MongoDB dates the new segment by its own clock, which no test can set: it gets the
 * time that the pods' clock shows, since from there the eight days count in which retries are searched for. Then the
 * pods write by turns: whoever loses a slot reads the room again, and with it that time.
 */
async function goOn(roomId: string, openedAt: number): Promise<void> {
  const [one, two] = servers.pods;
  expect(await send(two, roomId, 'first-of-the-month')).toMatchObject({ message: { messageId: 2 } });
  const { matchedCount } = await two.mongo.database.rooms.updateOne(
    { roomId, 'segments.1': { $exists: true } },
    { $set: { 'segments.1.openedAt': new Date(openedAt) } },
  );
  expect(matchedCount).toBe(1);
  await send(one, roomId, 'second');
  await send(two, roomId, 'third');
}
