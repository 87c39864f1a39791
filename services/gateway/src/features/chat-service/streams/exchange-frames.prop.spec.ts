import { randomUUID } from 'node:crypto';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { type Call, type CallResult, chatProto, frameBytes, limits } from '@parlance/proto';
import type { CallName } from '@parlance/proto/operations';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeExchange } from '../../../../test/fixtures/fake-exchange.js';
import { ExchangeStream } from './exchange-stream.js';
import { PendingCall } from './pending-call.js';

const clock = { now: () => Date.now(), elapsedMs: () => performance.now() };

/** The encoders that really write frames. */
const { Exchange: rpc } = (
  loadPackageDefinition(loadSync(chatProto.path, chatProto.loader)) as unknown as {
    chat: { v1: { ChatService: { service: Record<string, Codec> } } };
  }
).chat.v1.ChatService.service as { Exchange: Codec };

interface Codec {
  requestSerialize(frame: { calls: readonly Call[] }): Buffer;
  responseSerialize(frame: { results: readonly CallResult[] }): Buffer;
}

const longId = fc.integer({ min: 1, max: 128 }).map((length) => 'i'.repeat(length));
const text = (most: number) =>
  fc
    .tuple(fc.constantFrom('x', '漢', '\u0001'), fc.integer({ min: 0, max: Math.floor(most / 3) }))
    .map(([unit, length]) => unit.repeat(length));
const ids = (most: number) =>
  fc.tuple(longId, fc.integer({ min: 0, max: most })).map(([id, count]) => Array.from({ length: count }, () => id));

/** Anything that a gateway may ask, up to the largest. */
const request = fc.oneof(
  fc
    .record({
      roomId: longId,
      content: text(limits.contentBytes),
      messageType: fc.constant('image'),
      clientMessageId: longId,
      metadataJson: text(limits.metadataBytes),
    })
    .map((sendMessage) => ({ sendMessage })),
  fc.record({ roomId: longId, userIds: ids(limits.participants) }).map((addParticipants) => ({ addParticipants })),
  fc
    .record({
      roomType: fc.constant('group'),
      participants: ids(limits.participants),
      joinRule: fc.constant('open'),
      historyVisibility: fc.constant('joined'),
    })
    .map((createRoom) => ({ createRoom })),
  ids(limits.rooms).map((roomIds) => ({ getRoomHeads: { roomIds } })),
  ids(limits.rooms).map((roomIds) => ({
    resume: { rooms: roomIds.map((roomId) => ({ roomId, messageId: Number.MAX_SAFE_INTEGER, rev: 7 })) },
  })),
);

describe('frames to the chat service', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are never larger than their limit, whatever is asked', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 150, size: 'max' }), (requests) => {
        const exchange = new FakeExchange();
        const owner = { onUp() {}, onUnreachable() {}, onBreak() {}, onResult() {}, onFrame() {} };
        const stream = new ExchangeStream('pod', exchange.open, owner as never, clock);
        exchange.at('pod').events.onUp();
        for (const each of requests) {
          const [[operation, body]] = Object.entries(each) as [[CallName, never]];
          const context = { userId: 'u'.repeat(128), traceId: 't'.repeat(55), deadlineAt: 1e13 };
          stream.send(new PendingCall(operation, body, context, randomUUID));
        }
        vi.advanceTimersByTime(10);
        const { frames } = exchange.at('pod');
        expect(frames.flat()).toHaveLength(requests.length);
        for (const calls of frames) {
          expect(calls.length).toBeLessThanOrEqual(limits.frameItems);
          expect(rpc.requestSerialize({ calls }).length).toBeLessThanOrEqual(limits.frameBytes);
          for (const call of calls.slice(0, 3))
            expect(frameBytes(call)).toBeGreaterThanOrEqual(rpc.requestSerialize({ calls: [call] }).length);
        }
        stream.close();
      }),
      { numRuns: 10, endOnFailure: true },
    );
  });
});

describe('the size of a result, known before it is written', () => {
  it('is never below its encoding', () => {
    const message = fc.record({
      messageId: fc.maxSafeNat(),
      roomId: longId,
      senderId: longId,
      content: text(limits.contentBytes),
      timestamp: fc.maxSafeNat(),
      monthYear: fc.constant('2026-11'),
      status: fc.constant('delivered'),
      deliveredTo: ids(limits.namedReaders),
      readBy: ids(limits.namedReaders).map((all) => all.map((userId) => ({ userId, readAt: Number.MAX_SAFE_INTEGER }))),
      messageType: fc.constant('image'),
      metadataJson: text(limits.metadataBytes),
      clientMessageId: longId,
      receiptsCounted: fc.boolean(),
      deliveredCount: fc.nat(),
      readCount: fc.nat(),
    });
    const sent = message.map((each) => ({ message: { ...each, deliveredTo: [], readBy: [] }, deduplicated: true }));
    const result = fc.oneof(
      sent.map((sendMessage) => ({ sendMessage })),
      fc.array(message, { maxLength: 5 }).map((messages) => ({
        getMessageHistory: { messages, hasMore: true, truncated: true, firstAvailableId: 1, head: 2 },
      })),
      fc.constant({
        error: {
          reason: 'ERROR_REASON_TOO_MANY_CONNECTIONS',
          message: 'no',
          outcome: 'ERROR_OUTCOME_REJECTED',
          retryAfterMs: 1,
        },
      }),
    );
    fc.assert(
      fc.property(result, (each) => {
        const whole = { callId: 0xffff_ffff, ...each } as unknown as CallResult;
        expect(frameBytes(whole)).toBeGreaterThanOrEqual(rpc.responseSerialize({ results: [whole] }).length);
      }),
    );
  });
});
