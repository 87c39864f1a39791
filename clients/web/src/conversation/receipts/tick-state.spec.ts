import type { Mark } from '@parlance/client';
import type { ChatMessage, ChatRoom } from '@parlance/proto';
import { expect, it } from 'vitest';
import { receiptsOf } from './receipts-of.js';
import { tickState } from './tick-state.js';

const message = (patch: Partial<ChatMessage> = {}): ChatMessage => ({
  messageId: 7,
  roomId: 'r',
  senderId: 'alice',
  content: 'hi',
  timestamp: 1,
  monthYear: '2025-05',
  status: 'sent',
  deliveredTo: [],
  readBy: [],
  messageType: 'text',
  clientMessageId: 'c7',
  ...patch,
});

const view = (participants: readonly string[], marks: Readonly<Record<string, Mark>> = {}) => ({
  room: { participants, participantCount: participants.length } as ChatRoom,
  marks: new Map(Object.entries(marks)),
});

it('has one tick until everyone else has the message', () => {
  expect(tickState(message(), view(['alice', 'bob']))).toBe('sent');
  expect(tickState(message(), view(['alice', 'bob', 'carol'], { bob: { delivered: 7, read: 0 } }))).toBe('sent');
});

it('has two ticks when it has reached them all', () => {
  const marks = { bob: { delivered: 7, read: 0 }, carol: { delivered: 9, read: 9 } };
  expect(tickState(message(), view(['alice', 'bob', 'carol'], marks))).toBe('delivered');
});

it('is read when all others have read it, and a mark at an older message does not count', () => {
  expect(tickState(message(), view(['alice', 'bob'], { bob: { delivered: 7, read: 7 } }))).toBe('read');
  expect(tickState(message(), view(['alice', 'bob'], { bob: { delivered: 7, read: 6 } }))).toBe('delivered');
});

it('believes what the server said with the message', () => {
  expect(tickState(message({ status: 'read' }), view(['alice', 'bob']))).toBe('read');
  expect(tickState(message({ deliveredTo: ['bob'] }), view(['alice', 'bob']))).toBe('delivered');
});

it('has one tick while nobody else is in the room', () => {
  expect(tickState(message(), view(['alice']))).toBe('sent');
});

it('lists readers first, with the time, and leaves the sender out', () => {
  const marks = { bob: { delivered: 7, read: 0 }, carol: { delivered: 7, read: 7, readAt: 99 } };
  expect(receiptsOf(message(), view(['alice', 'bob', 'carol', 'dan'], marks))).toEqual([
    { userId: 'carol', state: 'read', readAt: 99 },
    { userId: 'bob', state: 'delivered' },
    { userId: 'dan', state: 'sent' },
  ]);
});
