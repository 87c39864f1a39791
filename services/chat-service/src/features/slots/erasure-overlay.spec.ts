import { expect, it } from 'vitest';
import { hasErasures, withErasure } from './erasure-overlay.js';
import { fromMessageJson } from './message.mapper.js';

const message = (messageId: number, senderId: string) =>
  fromMessageJson(
    JSON.stringify({
      messageId,
      senderId,
      content: 'said',
      clientMessageId: 'c',
      messageType: 'image',
      metadata: { a: 1 },
    }),
  );
const room = { erasures: [{ userId: 'bob', upTo: 7 }] };

it('shows what somebody else or the same user has said later, and of erased messages that they were there', () => {
  for (const shown of [message(7, 'ann'), message(8, 'bob')]) expect(withErasure(shown, room)).toBe(shown);
  expect(withErasure(message(7, 'bob'), room)).toEqual({
    ...message(7, 'bob'),
    content: '',
    metadataJson: '',
    clientMessageId: '',
    messageType: 'text',
    erased: true,
  });
  expect(withErasure({ ...message(8, 'bob'), erased: true }, room).content).toBe('');
});

it('knows of whom something is erased', () => {
  expect([hasErasures('bob', room), hasErasures('ann', room)]).toEqual([true, false]);
});
