import type { MessageDocument, SlotDocument } from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { Folds } from './fold.js';

const at = new Date(5);
const nameKey = 'k'.repeat(32);
const message = (messageId: number, more: Partial<MessageDocument> = {}): SlotDocument => ({
  _id: new ObjectId(),
  monthYear: '2026-01' as never,
  roomId: 'r',
  messageId: Long.fromNumber(messageId),
  timestamp: new Date(1),
  senderId: 'bob',
  clientMessageId: 'c',
  bodyHash: 'hash',
  content: 'secret',
  messageType: 'image',
  metadata: '{}',
  ...more,
});

describe('Folds', () => {
  it('empties messages of one sender up to an id, and keeps a hash of their names', () => {
    const folds = new Folds([{ roomId: 'r', userId: 'bob', upTo: 3, nameKey }]);
    const one = message(3);
    const emptied = folds.apply(one, at) as MessageDocument;
    expect(emptied).toEqual({
      _id: one._id,
      monthYear: '2026-01',
      roomId: 'r',
      messageId: Long.fromNumber(3),
      timestamp: new Date(1),
      senderId: 'bob',
      clientMessageId: expect.stringMatching(/^#/) as string,
      bodyHash: '',
      content: '',
      messageType: 'text',
      erasedAt: at,
    });
    expect(folds.apply(emptied, new Date(9))).toBe(emptied);
    const seal: SlotDocument = { ...message(2), kind: 'seal' } as never;
    for (const other of [message(4), message(1, { senderId: 'ann' }), message(1, { roomId: 'q' }), seal])
      expect(folds.apply(other, at)).toBe(other);
  });

  it('empties everybody below a cut without a name, and a room by whichever fold concerns it', () => {
    const folds = new Folds([
      { roomId: 'r', upTo: 1 },
      { roomId: 'r', userId: 'bob', upTo: 3, nameKey },
    ]);
    expect(folds.apply(message(1, { senderId: 'ann' }), at)).not.toHaveProperty('clientMessageId');
    expect(folds.apply(message(2), at)).toHaveProperty('clientMessageId');
    expect(folds.lastOf('r')).toBe(3);
    expect(folds.lastOf('q')).toBe(0);
    expect(folds.without(new Set(['r'])).all).toEqual([]);
  });
});
