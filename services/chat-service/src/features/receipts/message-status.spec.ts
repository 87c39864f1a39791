import { limits } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import { noReceipts } from '../slots/message.mapper.js';
import { deriveReceipts, type ParticipantMarks } from './message-status.js';

const message = { messageId: 5, senderId: 'me' };

describe('deriveReceipts', () => {
  it.each<[string, readonly ParticipantMarks[], string, readonly string[], readonly string[]]>([
    ['sent while nobody has it', [marks('me', 9, 9), marks('ann', 4, 4), marks('bob', 4, 4)], 'sent', [], []],
    ['sent while somebody has it', [marks('ann', 5, 4), marks('bob', 4, 4)], 'sent', ['ann'], []],
    [
      'delivered when it has reached all',
      [marks('ann', 5, 4), marks('bob', 6, 5)],
      'delivered',
      ['ann', 'bob'],
      ['bob'],
    ],
    ['read when all have read it', [marks('ann', 5, 5), marks('bob', 9, 9)], 'read', ['ann', 'bob'], ['ann', 'bob']],
    ['sent when there is nobody else', [marks('me', 5, 5)], 'sent', [], []],
    ['not for who came later', [marks('ann', 5, 5), marks('bob', 9, 9, 6)], 'read', ['ann'], ['ann']],
    ['for who came just before', [marks('ann', 5, 5), marks('bob', 4, 4, 5)], 'sent', ['ann'], ['ann']],
  ])('is %s', (_title, participants, status, deliveredTo, readers) => {
    const readBy = readers.map((userId) => ({ userId, readAt: 70 }));
    expect(deriveReceipts(message, participants)).toEqual({ ...noReceipts, status, deliveredTo, readBy });
  });

  it('counts instead of naming in a room of more people than are named', () => {
    const some = Array.from({ length: limits.namedReaders - 1 }, (_, index) => marks(`user-${index}`, 5, 4));
    const named = deriveReceipts(message, [...some, marks('me', 0, 0)]);
    expect([named.receiptsCounted, named.deliveredTo.length, named.deliveredCount]).toEqual([false, some.length, 0]);
    expect(deriveReceipts(message, [...some, marks('me', 0, 0), marks('ann', 5, 5)])).toEqual({
      status: 'delivered',
      deliveredTo: [],
      readBy: [],
      receiptsCounted: true,
      deliveredCount: limits.namedReaders,
      readCount: 1,
    });
  });

  it('knows nothing of a message that was just stored', () => {
    expect(noReceipts).toEqual(deriveReceipts(message, []));
  });
});

function marks(userId: string, deliveredUpTo: number, readUpTo: number, countsFrom = 1): ParticipantMarks {
  return { userId, countsFrom, deliveredUpTo, readUpTo, readAt: 70 };
}
