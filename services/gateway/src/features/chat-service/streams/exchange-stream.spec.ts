import { randomUUID } from 'node:crypto';
import type { CallResult } from '@parlance/proto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeExchange } from '../../../../test/fixtures/fake-exchange.js';
import { ExchangeStream, type StreamOwner } from './exchange-stream.js';
import { PendingCall } from './pending-call.js';

const clock = { now: () => Date.now(), elapsedMs: () => performance.now() };

describe('ExchangeStream', () => {
  let exchange: FakeExchange;
  let results: [unknown, CallResult][];
  let breaks: (readonly PendingCall[])[];
  let muteChanges: boolean[];
  let stream: ExchangeStream;

  beforeEach(() => {
    vi.useFakeTimers();
    exchange = new FakeExchange();
    results = [];
    breaks = [];
    muteChanges = [];
    const owner: StreamOwner = {
      onUp: () => {},
      onUnreachable: () => {},
      onBreak: (_stream, calls) => void breaks.push(calls),
      onLeaving: () => {},
      onMuteChange: () => void muteChanges.push(stream.isMute),
      onResult: (_stream, call, result) => void results.push([call, result]),
      onFrame: () => {},
    };
    stream = new ExchangeStream('pod', exchange.open, owner, clock);
  });
  afterEach(() => {
    stream.close();
    vi.useRealTimers();
  });

  it('writes the first call at once and those right behind it in one frame', () => {
    exchange.at('pod').events.onUp();
    for (let count = 0; count < 10; count++) stream.send(call());
    expect(exchange.at('pod').frames).toHaveLength(1);
    vi.advanceTimersByTime(2);
    expect(exchange.at('pod').frames.map((frame) => frame.length)).toEqual([1, 9]);
  });

  it('tells once that events of the pod began to fail, and is not mute when the stream broke', () => {
    const { events } = exchange.at('pod');
    events.onUp();
    for (const eventsFailing of [false, true, true, false, true]) events.onPodState({ eventsFailing, leaving: false });
    expect(muteChanges).toEqual([true, false, true]);
    events.onEnd('broken');
    expect(stream.isMute).toBe(false);
  });

  it('never puts more than 64 calls into a frame', () => {
    exchange.at('pod').events.onUp();
    for (let count = 0; count < 200; count++) stream.send(call());
    vi.advanceTimersByTime(2);
    expect(exchange.at('pod').frames.map((frame) => frame.length)).toEqual([1, 64, 64, 64, 7]);
  });

  it('matches results to calls in whatever order they come, and ignores those it no longer waits for', () => {
    exchange.at('pod').events.onUp();
    const calls = [call(), call()];
    for (const each of calls) stream.send(each);
    vi.advanceTimersByTime(2);
    exchange.at('pod').answer(1, { getRoom: { room: undefined } });
    exchange.at('pod').answer(0, { getRoom: { room: undefined } });
    exchange.at('pod').answer(0, { getRoom: { room: undefined } });
    expect(results.map(([each]) => calls.indexOf(each as PendingCall))).toEqual([1, 0]);
  });

  it('hands all calls back in their order when it breaks, and connects again after a pause', () => {
    exchange.at('pod').events.onUp();
    const calls = [call(), call(), call()];
    for (const each of calls) stream.send(each);
    exchange.at('pod').events.onEnd('broken');
    expect(breaks).toEqual([calls]);
    expect(exchange.attempts).toHaveLength(1);
    vi.advanceTimersByTime(200);
    expect(exchange.attempts).toHaveLength(2);
    expect(stream.inFlight).toBe(0);
  });

  it('pauses longer after each failed attempt', () => {
    const attemptsWithin = (ms: number): number => {
      const before = exchange.attempts.length;
      for (let passed = 0; passed < ms; passed += 50) {
        vi.advanceTimersByTime(50);
        if (stream.state === 'connecting') exchange.at('pod').events.onEnd('refused');
      }
      return exchange.attempts.length - before;
    };
    exchange.at('pod').events.onEnd('refused');
    expect(attemptsWithin(3_000)).toBeGreaterThan(attemptsWithin(3_000));
  });

  function call(): PendingCall {
    return new PendingCall(
      'getRoom',
      { roomId: 'r' },
      { userId: 'u', traceId: 't', deadlineAt: Date.now() + 1_000 },
      randomUUID,
    ) as unknown as PendingCall;
  }
});
