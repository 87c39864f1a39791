import type { UserId, WireMessage } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import type { Place } from '../rooms/mongo-participant-store.js';
import type { RoomView } from '../rooms/room-cache.js';
import { DerivedMessages } from './derived-messages.js';

describe('DerivedMessages', () => {
  const [ann, ben] = ['ann', 'ben'] as [UserId, UserId];
  const message = { messageId: 5, senderId: ann } as unknown as WireMessage;
  const place = (userId: UserId, readUpTo: number) =>
    ({ userId, countsFrom: 1, deliveredUpTo: readUpTo, readUpTo, readAt: 1 }) as unknown as Place;
  const among = (...users: readonly UserId[]) =>
    new Map(users.map((userId) => [userId, {}])) as unknown as RoomView['participants'];

  it('derives receipts once for all who read the same messages', () => {
    const derived = new DerivedMessages();
    const [places, participants] = [[place(ann, 5), place(ben, 5)], among(ann, ben)];
    const [first] = derived.of([message], places, participants);
    expect(first).toMatchObject({ messageId: 5, status: 'read' });
    expect(derived.of([message], places, participants)[0]).toBe(first);
  });

  it('derives them anew from other marks, of others, and for another form of the message', () => {
    const derived = new DerivedMessages();
    const [places, participants] = [[place(ann, 5), place(ben, 5)], among(ann, ben)];
    derived.of([message], places, participants);
    expect(derived.of([message], [place(ann, 5), place(ben, 4)], participants)[0]?.status).toBe('sent');
    expect(derived.of([message], places, among(ann))[0]?.status).toBe('sent');
    expect(derived.of([{ ...message, erased: true }], places, participants)[0]?.erased).toBe(true);
  });
});
