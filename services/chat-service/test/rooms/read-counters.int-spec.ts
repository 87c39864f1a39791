import type { UserId } from '@parlance/proto';
import { newTraceparent } from '@parlance/runtime';
import { describe, expect, it } from 'vitest';
import type { CallContext } from '../../src/requests/call-context.js';
import { sharePods } from '../fixtures/share-pods.js';
import type { Pod, Pods } from '../fixtures/start-pods.js';

let pods: Pods;
let one: Pod;
let other: Pod;
sharePods((shared) => {
  pods = shared;
  [one, other] = shared.pods;
});

/** People of a room. */
const crowd = Array.from({ length: 100 }, (_, index) => `reader-${index}`);

describe('reads of MongoDB', () => {
  it('are a few for hundreds of newest pages of those who hear the room, and one for each page of the others', async () => {
    const { roomId, head } = await roomWith(60);
    const page = (seen?: number) => history(one, roomId, { limit: 50, ...(seen === undefined ? {} : { seen }) });
    await page(head);
    pods.takeReads();
    for (let count = 0; count < 200; count++) expect((await page(head)).messages).toHaveLength(50);
    const hot = pods.takeReads();
    for (let count = 0; count < 5; count++) await page();
    const ends = pods.takeReads().filter((read) => read.includes('messages_'));
    // What is remembered is read again each second or two.
    expect(hot.length).toBeLessThanOrEqual(20);
    expect(ends).toHaveLength(5);
  });

  it('is one of the log for a hundred equal pages that Redis does not have', async () => {
    const { roomId, head } = await roomWith(260);
    await history(one, roomId, { limit: 50, seen: head });
    pods.takeReads();
    const pages = await Promise.all(crowd.map(() => history(one, roomId, { limit: 50, beforeId: 52, seen: head })));
    for (const { messages } of pages) expect(messages.map(({ messageId }) => messageId)).toEqual(ids(2, 51));
    // Of a pod that was told nothing of the size: two.
    expect(pods.takeReads().filter((read) => read.includes('messages_')).length).toBeLessThanOrEqual(2);
  });

  it('are as few for a hundred people of a room who come back at once as for one', async () => {
    const { roomId, head } = await roomWith(60);
    pods.takeReads();
    await comeBack(one, roomId, crowd.slice(0, 1));
    const alone = pods.takeReads();
    pods.clockOffsetMs += 10_000;
    const back = await comeBack(one, roomId, crowd);
    const together = pods.takeReads();
    for (const { rooms } of back) expect(rooms[0]?.messages.map(({ messageId }) => messageId)).toEqual(ids(1, head));
    expect(together.length).toBeLessThanOrEqual(alone.length + 5);
  });

  it('are as few for people of many rooms who come back at once', async () => {
    const rooms = await Promise.all(Array.from({ length: 20 }, () => roomWith(3)));
    pods.clockOffsetMs += 10_000;
    pods.takeReads();
    await Promise.all(rooms.map(({ roomId }) => comeBack(one, roomId, crowd.slice(0, 10))));
    expect(pods.takeReads().length).toBeLessThanOrEqual(20);
  });
});

describe('a page of somebody who hears the room', () => {
  it('has a message that another pod has acknowledged and told of, whatever this one remembers', async () => {
    const { roomId, head } = await roomWith(3);
    await history(one, roomId, { limit: 50, seen: head });
    const sent = await send(other, roomId);
    const { messages, head: now } = await history(one, roomId, { limit: 50, seen: sent });
    expect([messages.at(-1)?.messageId, now]).toEqual([head + 1, head + 1]);
  });

  it('has a message that this pod has just acknowledged', async () => {
    const { roomId, head } = await roomWith(3);
    await history(one, roomId, { limit: 50, seen: head });
    await send(one, roomId);
    expect((await history(one, roomId, { limit: 50, seen: 0 })).head).toBe(head + 1);
  });

  it('ends where it was asked to end, though what is remembered ends before', async () => {
    const { roomId, head } = await roomWith(3);
    await history(one, roomId, { limit: 50, seen: head });
    await send(other, roomId);
    const { messages } = await history(one, roomId, { limit: 50, beforeId: head + 2, seen: head });
    expect(messages.map(({ messageId }) => messageId)).toEqual(ids(1, head + 1));
  });
});

it('a resume has what another pod has acknowledged a moment ago, and so has a page that reads on', async () => {
  const { roomId, head } = await roomWith(3);
  await history(one, roomId, { limit: 50, seen: head });
  for (let count = 1; count <= 5; count++) {
    await send(other, roomId);
    const { rooms } = await one.operations.resume(as('reader-0'), {
      rooms: [{ roomId, messageId: head, rev: 0, epoch: 0 }],
    });
    expect(rooms[0]?.head).toBe(head + count);
    const { messages, hasMore } = await history(one, roomId, { limit: 50, afterId: head, seen: head });
    expect([messages.length, hasMore]).toEqual([count, false]);
  }
});

async function roomWith(messages: number) {
  const { room } = await one.operations.createRoom(as('ann'), {
    roomType: 'group',
    participants: [...crowd],
    metadata: undefined,
    joinRule: '',
    historyVisibility: '',
  });
  const roomId = room?.roomId ?? '';
  await Promise.all(Array.from({ length: messages }, () => send(one, roomId)));
  return { roomId, head: messages };
}

let sends = 0;

async function send(pod: Pod, roomId: string): Promise<number> {
  const { message } = await pod.operations.sendMessage(as('ann'), {
    roomId,
    content: 'text',
    messageType: 'text',
    clientMessageId: `message-${++sends}`,
    metadataJson: '',
  });
  return message?.messageId ?? 0;
}

function history(pod: Pod, roomId: string, where: object) {
  return pod.operations.getMessageHistory(as('reader-0'), { roomId, limit: 0, ...where });
}

/** Asks what a gateway asks for when somebody connects, and what the client asks for then. */
async function comeBack(pod: Pod, roomId: string, people: readonly string[]) {
  return Promise.all(
    people.map(async (userId) => {
      await pod.operations.listRoomHeads(as(userId), {});
      return pod.operations.resume(as(userId), { rooms: [{ roomId, messageId: 0, rev: 0, epoch: 0 }] });
    }),
  );
}

function as(userId: string): CallContext {
  const deadlineAt = Date.now() + pods.clockOffsetMs + 60_000;
  return { userId: userId as UserId, traceId: newTraceparent(), deadlineAt };
}

function ids(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
