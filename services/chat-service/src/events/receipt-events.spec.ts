import { limits } from '@parlance/proto';
import { expect, it } from 'vitest';
import { receiptEvents } from './receipt-events.js';

const ann = { userId: 'ann', status: 'read', messageId: 4 } as const;
const bob = { userId: 'bob', status: 'delivered', messageId: 5 } as const;

it('is what it always was for one receipt', () => {
  const [event, ...more] = receiptEvents('r', [ann], 70);
  expect(more).toEqual([]);
  expect(event).toMatchObject({ type: 'chat:message:read', roomId: 'r', userId: 'ann', at: 70 });
  expect(event).not.toHaveProperty('only');
  expect(JSON.parse(event?.payload ?? '')).toEqual({ ...ann, roomId: 'r', timestamp: 70, readAt: 70 });
});

it('names the others behind the first', () => {
  const [event] = receiptEvents('r', [bob, ann], 70, true);
  expect(event).toMatchObject({ type: 'chat:message:delivered', userId: 'bob', only: true });
  expect(JSON.parse(event?.payload ?? '')).toEqual({ ...bob, roomId: 'r', timestamp: 70, others: [ann] });
});

it('holds both marks of everybody in the largest room that names readers, below the limit of an event', () => {
  const receipts = Array.from({ length: 2 * limits.namedReaders }, (_, index) => ({
    ...bob,
    userId: String(index).padEnd(128, 'x'),
    messageId: Number.MAX_SAFE_INTEGER,
  }));
  const [event, ...more] = receiptEvents('r', receipts, 70);
  expect(more).toEqual([]);
  expect(Buffer.byteLength(event?.payload ?? '')).toBeLessThan(limits.eventBytes / 2);
  expect(receiptEvents('r', [...receipts, ann], 70).map(({ userId }) => userId)).toEqual([receipts[0]?.userId, 'ann']);
  expect(receiptEvents('r', [], 70)).toEqual([]);
});
