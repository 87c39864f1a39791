import { limits, type ParticipantReceipt } from '@parlance/proto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Marks } from '../rooms/marks.js';
import type { RoomCache } from '../rooms/room-cache.js';
import { ReceiptAnnouncer } from './receipt-announcer.js';
import type { RaisedMarks } from './receipt-book.js';

describe('ReceiptAnnouncer', () => {
  let participants: number;
  let published: { readonly roomId: string; readonly receipts: readonly ParticipantReceipt[]; readonly to: string }[];
  let looked: Marks[];
  let announcer: ReceiptAnnouncer;

  beforeEach(() => {
    participants = 10;
    published = [];
    looked = [];
    const view = (): ReturnType<RoomCache['fresh']> =>
      ({ participants: new Set(Array.from({ length: participants }, (_, index) => index)) }) as never;
    announcer = new ReceiptAnnouncer(
      { fresh: view },
      { receipts: (roomId, receipts, to) => void published.push({ roomId, receipts, to }) },
      { reported: (marks) => void looked.push(marks) },
    );
  });

  it('tells of all participants of a room by one event, and of each room by one of its own', () => {
    const readers = Array.from({ length: 10 }, (_, index) => `user-${index}`);
    announcer.raised(['r', 's'].flatMap((roomId) => readers.map((userId) => read(roomId, userId, 7))));
    const receipts = readers.map((userId) => ({ userId, status: 'read', messageId: 7 }));
    expect(published).toEqual([
      { roomId: 'r', receipts, to: 'everybody' },
      { roomId: 's', receipts, to: 'everybody' },
    ]);
  });

  it('tells what has risen: reading means delivered, and what was delivered beyond it is told too', () => {
    announcer.raised([
      { marks: mark('r', 'ann', 9, 5), before: mark('r', 'ann', 3, 3), how: 'reported' },
      { marks: mark('r', 'bob', 9, 5), before: mark('r', 'bob', 8, 5), how: 'reported' },
      { marks: mark('r', 'cy', 9, 5), before: mark('r', 'cy', 9, 3), how: 'reported' },
    ]);
    expect(published.map(({ receipts }) => receipts)).toEqual([
      [
        { userId: 'ann', status: 'read', messageId: 5 },
        { userId: 'ann', status: 'delivered', messageId: 9 },
        { userId: 'bob', status: 'delivered', messageId: 9 },
        { userId: 'cy', status: 'read', messageId: 5 },
      ],
    ]);
  });

  it('says nothing of who has only sent something, but looks whether they were away', () => {
    announcer.raised([{ ...read('r', 'ann', 7), how: 'sent' }]);
    expect([published.length, looked]).toEqual([0, [mark('r', 'ann', 7, 7)]]);
  });

  it('tells everybody of the own marks only in a room of many', () => {
    participants = limits.namedReaders + 1;
    announcer.raised([read('r', 'ann', 7), read('r', 'bob', 7)]);
    expect(published.map(({ receipts, to }) => [receipts.map(({ userId }) => userId), to])).toEqual([
      [['ann'], 'the reporter'],
      [['bob'], 'the reporter'],
    ]);
  });
});

function mark(roomId: string, userId: string, delivered: number, read: number): Marks {
  return { roomId, userId, delivered, read };
}

function read(roomId: string, userId: string, messageId: number): RaisedMarks {
  return {
    marks: mark(roomId, userId, messageId, messageId),
    before: mark(roomId, userId, -1, -1),
    how: 'reported',
  };
}
