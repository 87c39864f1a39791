import { answerBytes, limits, type WireMessage, type WireRoom, type WireRoomEvent, type wire } from '@parlance/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../../test/fixtures/any-character.js';
import { ackFrame, eventFrame } from '../features/websocket/transport/frame.js';
import { toSuccess } from './ack.mapper.js';
import { toChatMessage, toChatRoom, toResumedRoom, toRoomEvent } from './wire-to-chat.mapper.js';

const id = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '_', '.', ':', '-'), minLength: 1, maxLength: 128 });
const count = fc.maxSafeNat();
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', '\\', '\u0001', '漢', '\u{1f600}'),
    fc.string({ unit: 'grapheme-ascii', maxLength: 1 }),
    anyCharacter,
  ),
});
const metadata = fc.record({ name: text, description: text, avatar: text });

const message: fc.Arbitrary<WireMessage> = fc.record({
  messageId: count,
  roomId: id,
  senderId: id,
  content: text,
  timestamp: count,
  monthYear: fc.constant('2026-11'),
  status: fc.constantFrom('sent', 'delivered', 'read'),
  deliveredTo: fc.array(id),
  readBy: fc.array(fc.record({ userId: id, readAt: count })),
  messageType: fc.constantFrom('text', 'image', 'file'),
  metadataJson: fc.oneof(
    fc.constantFrom('', '{"a":[1e20,1e20]}'),
    fc.dictionary(text, fc.jsonValue()).map((each) => JSON.stringify(each)),
  ),
  clientMessageId: id,
  erased: fc.boolean(),
  receiptsCounted: fc.boolean(),
  deliveredCount: count,
  readCount: count,
});

const room: fc.Arbitrary<WireRoom> = fc.record({
  roomId: id,
  roomType: fc.constantFrom('1v1', 'group'),
  participants: fc.array(id),
  participantCount: count,
  createdAt: count,
  lastMessageAt: count,
  metadata,
  head: count,
  rev: count,
  memberRev: count,
  epoch: count,
  joinRule: fc.constantFrom('invite', 'open'),
  historyVisibility: fc.constantFrom('shared', 'joined'),
  role: fc.constantFrom('owner', 'admin', 'participant'),
  deliveredUpTo: count,
  readUpTo: count,
  unreadCount: count,
});

const roomEvent: fc.Arbitrary<WireRoomEvent> = fc.record({
  roomId: id,
  rev: count,
  kind: fc.constantFrom('joined', 'left', 'role', 'updated', 'erased'),
  by: id,
  userId: id,
  upToId: count,
  timestamp: count,
  role: fc.constantFrom('owner', 'admin', 'participant'),
  metadata,
  joinRule: fc.constantFrom('invite', 'open'),
  historyVisibility: fc.constantFrom('shared', 'joined'),
});

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Fields that are not always there, and digits. */
const slack = 500;

describe('the size of an answer, known before it is made', () => {
  it('is never below what a message becomes, and little above', () => {
    fc.assert(
      fc.property(message, (each) => {
        const bytes = bytesOf(toChatMessage(each)) + 1;
        expect(answerBytes.ofMessage(each)).toBeGreaterThanOrEqual(bytes);
        expect(answerBytes.ofMessage(each)).toBeLessThanOrEqual(bytes + slack);
      }),
    );
  });

  it('is never below what a room or a room event becomes, and little above', () => {
    fc.assert(
      fc.property(room, roomEvent, (each, event) => {
        const [bytes, eventBytes] = [bytesOf(toChatRoom(each)) + 1, bytesOf(toRoomEvent(event)) + 1];
        expect(answerBytes.ofRoom(each)).toBeGreaterThanOrEqual(bytes);
        expect(answerBytes.ofRoom(each)).toBeLessThanOrEqual(bytes + slack);
        expect(answerBytes.ofRoomEvent(event)).toBeGreaterThanOrEqual(eventBytes);
      }),
    );
  });

  it('is never below what a resumed room becomes, with what is in it', () => {
    const resumed: fc.Arbitrary<wire.ResumedRoom> = fc.record({
      roomId: id,
      messages: fc.array(message, { maxLength: 5 }),
      events: fc.array(roomEvent, { maxLength: 5 }),
      head: count,
      rev: count,
      hasMore: fc.boolean(),
      truncated: fc.boolean(),
      firstAvailableId: count,
      error: fc.option(
        fc.record({
          reason: fc.constantFrom(
            'ERROR_REASON_TOO_MANY_CONNECTIONS' as const,
            'ERROR_REASON_STORE_UNAVAILABLE' as const,
          ),
          message: text,
          outcome: fc.constant('ERROR_OUTCOME_REJECTED' as const),
          retryAfterMs: count,
        }),
        { nil: undefined },
      ),
      deliveredUpTo: count,
      readUpTo: count,
    }) as never;
    fc.assert(
      fc.property(resumed, (each) => {
        let bytes = answerBytes.ofResumedRoom(each);
        for (const part of each.messages) bytes += answerBytes.ofMessage(part);
        for (const part of each.events) bytes += answerBytes.ofRoomEvent(part);
        expect(bytes).toBeGreaterThanOrEqual(bytesOf({ [each.roomId]: toResumedRoom(each) }) - 1);
      }),
    );
  });
});

describe('the largest of everything', () => {
  const longId = 'i'.repeat(128);
  const worst = (length: number): string => '\u0001'.repeat(length);
  const most = Number.MAX_SAFE_INTEGER;
  const named = Array.from({ length: limits.namedReaders }, () => longId);
  const base = fc.sample(message, 1)[0] as WireMessage;
  const largest: WireMessage = {
    ...base,
    messageId: most,
    timestamp: most,
    roomId: longId,
    senderId: longId,
    clientMessageId: longId,
    content: worst(limits.contentBytes),
    metadataJson: JSON.stringify({ a: 'x'.repeat(limits.metadataBytes - 8) }),
    deliveredTo: named,
    readBy: named.map((userId) => ({ userId, readAt: most })),
  };
  const largestRoom: WireRoom = {
    ...(fc.sample(room, 1)[0] as WireRoom),
    roomId: longId,
    participants: Array.from({ length: limits.participants }, () => longId),
    metadata: {
      name: worst(limits.roomNameLength),
      description: worst(limits.roomTextLength),
      avatar: worst(limits.roomTextLength),
    },
  };

  it.each<[what: string, data: unknown]>([
    ['message and its receipts', { ...toChatMessage(largest), deduplicated: true }],
    ['room', toChatRoom(largestRoom)],
  ])('%s fits into an answer', (_what, data) => {
    const answer = { data, hasMore: true, cursor: 'c'.repeat(512), truncated: true, firstAvailableId: most } as const;
    const [frame] = ackFrame(most, JSON.stringify(toSuccess(answer, Date.now()))).options.wsPreEncodedFrame;
    expect(frame.length).toBeLessThanOrEqual(limits.answerBytes);
  });

  it('leaves an envelope to an answer whose items take all that a page may', () => {
    const answer = {
      data: [],
      hasMore: true,
      cursor: 'c'.repeat(512),
      truncated: true,
      firstAvailableId: most,
    } as const;
    const [frame] = ackFrame(most, JSON.stringify(toSuccess(answer, Date.now()))).options.wsPreEncodedFrame;
    expect(answerBytes.ofPage + frame.length).toBeLessThanOrEqual(limits.answerBytes);
  });

  it('a message has its place beside the frames of as many rooms as can be resumed', () => {
    const frames = limits.rooms * answerBytes.ofResumedRoom({ roomId: longId, error: undefined });
    expect(frames + answerBytes.ofMessage(largest)).toBeLessThan(answerBytes.ofPage - 16 * 1024);
  });

  it.each<[event: string, payload: unknown]>([
    ['newMessage', toChatMessage({ ...largest, deliveredTo: [], readBy: [] })],
    ['roomUpdated', { ...toChatRoom(largestRoom), participants: [] }],
    [
      'ready',
      {
        rooms: Array.from({ length: limits.rooms }, () => ({
          roomId: longId,
          head: most,
          rev: most,
          readUpTo: most,
          deliveredUpTo: most,
        })),
      },
    ],
    [
      'heads',
      Object.fromEntries(
        Array.from({ length: limits.rooms }, (_, at) => [`${at}`.padEnd(128, '.'), { head: most, rev: most }]),
      ),
    ],
    ['roomJoined', { roomId: longId, userIds: largestRoom.participants, rev: most, timestamp: most }],
  ])('%s fits as an event', (event, payload) => {
    const [frame] = eventFrame(event, JSON.stringify(payload)).options.wsPreEncodedFrame;
    expect(frame.length).toBeLessThanOrEqual(limits.answerBytes);
  });

  it.each<[event: string, payload: unknown]>([
    [
      'sendMessage',
      {
        roomId: longId,
        content: worst(limits.contentBytes),
        clientMessageId: longId,
        metadata: { a: 'x'.repeat(limits.metadataBytes - 8) },
      },
    ],
    [
      'createRoom',
      {
        roomType: 'group',
        participants: largestRoom.participants,
        metadata: largestRoom.metadata,
        joinRule: 'invite',
        historyVisibility: 'shared',
      },
    ],
    ['addParticipants', { roomId: longId, userIds: largestRoom.participants }],
    ['updateRoom', { roomId: longId, metadata: largestRoom.metadata }],
    [
      'resume',
      {
        rooms: Object.fromEntries(
          Array.from({ length: limits.rooms }, (_, at) => [`${at}`.padEnd(128, '.'), { id: most, rev: most }]),
        ),
      },
    ],
    ['refreshToken', { token: '"'.repeat(16_384) }],
  ])('%s fits as a request', (event, payload) => {
    expect(bytesOf([event, payload])).toBeLessThanOrEqual(limits.eventBytes);
  });
});
