import { randomUUID } from 'node:crypto';
import { type ErrorReason, toWireReason, WireOutcome } from '@parlance/proto';
import { createLogger } from '@parlance/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeExchange } from '../../../../test/fixtures/fake-exchange.js';
import { createGatewayMetrics, type GatewayMetrics } from '../../../metrics.js';
import { rendezvous } from '../routing/rendezvous.js';
import { ExchangeStreams } from '../streams/exchange-streams.js';
import { type StreamChange, StreamObserver } from '../streams/stream-observer.js';
import { ChatServicePool } from './chat-service-pool.js';
import { Retries } from './retries.js';

const now = () => Date.now();
const a = '10.0.0.1:4005';
const b = '10.0.0.2:4005';
const roomOfA = roomOwnedBy(a);
const roomOfB = roomOwnedBy(b);

describe('ChatServicePool', () => {
  let exchange: FakeExchange;
  let observer: StreamObserver;
  let streams: ExchangeStreams;
  let pool: ChatServicePool;
  let metrics: GatewayMetrics;
  let changes: StreamChange[];

  beforeEach(() => {
    vi.useFakeTimers();
    exchange = new FakeExchange();
    metrics = createGatewayMetrics('test');
    observer = new StreamObserver(metrics, createLogger({ name: 'test', level: 'silent' }));
    changes = [];
    observer.onChange((change) => changes.push(change));
    streams = new ExchangeStreams(exchange.open, observer, { now, elapsedMs: () => performance.now() });
    pool = new ChatServicePool(streams, new Retries(metrics, now, () => 0.5), now, randomUUID);
  });
  afterEach(() => {
    pool.close();
    vi.useRealTimers();
  });

  it('holds calls while no pod is up, and sends them in their order when one is', async () => {
    streams.setAddresses([a]);
    const held = [send('1'), send('2'), send('x', 'other-room')];
    vi.advanceTimersByTime(500);
    exchange.at(a).events.onUp();
    void send('3');
    vi.advanceTimersByTime(5);
    expect(contents(a)).toEqual(['1', '2', 'x', '3']);
    for (const index of held.keys()) exchange.at(a).answer(index, stored);
    await expect(Promise.all(held)).resolves.toHaveLength(3);
  });

  it('says that nothing happened when a call found no pod until its deadline, and fails fast from then on', async () => {
    streams.setAddresses([a]);
    const held = send('1');
    await vi.advanceTimersByTimeAsync(10_100);
    await expect(held).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE', outcome: 'rejected' });
    await expect(send('2')).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE', outcome: 'rejected' });
    exchange.at(a).events.onUp();
    void send('3');
    expect(contents(a)).toEqual(['3']);
    exchange.at(a).events.onEnd('broken');
    void send('4', 'other-room').catch(() => {});
    expect(pool.inFlight).toBe(2);
  });

  it('has others looked for when a pod leaves, breaks or cannot be reached', () => {
    let looks = 0;
    observer.onPodLost(() => void (looks += 1));
    up(a);
    exchange.at(a).events.onPodState({ eventsFailing: false, leaving: true });
    exchange.at(a).events.onPodState({ eventsFailing: false, leaving: true });
    expect(looks).toBe(1);
    exchange.at(a).events.onEnd('broken');
    expect(looks).toBe(2);
    vi.advanceTimersByTime(200);
    exchange.at(a).events.onEnd('no connection');
    expect(looks).toBe(3);
  });

  it('sends the calls of a room to its owner among the pods that are up', async () => {
    up(a, b);
    void send('1', roomOfA);
    void send('2', roomOfB);
    expect(contents(a)).toEqual(['1']);
    expect(contents(b)).toEqual(['2']);
  });

  it('spreads calls without a room over the pods', () => {
    up(a, b);
    for (let count = 0; count < 4; count++) void quiet(pool.call('listRooms', { cursor: '', limit: 1 }, context()));
    vi.advanceTimersByTime(5);
    expect([exchange.at(a).calls.length, exchange.at(b).calls.length]).toEqual([2, 2]);
  });

  it('asks each pod that is up what only it can answer, and says which have not answered', async () => {
    up(a, b);
    const asked = pool.callEach('listBusyRooms', { limit: 5 }, context());
    vi.advanceTimersByTime(5);
    expect([exchange.at(a).calls.length, exchange.at(b).calls.length]).toEqual([1, 1]);
    const listBusyRooms = { pod: 'one', rooms: [], seconds: 50, messages: 0, error: 0 };
    exchange.at(a).answer(0, { listBusyRooms });
    exchange.at(b).events.onEnd('broken');
    expect(await asked).toMatchObject([{ value: listBusyRooms }, { reason: { reason: 'STORE_UNAVAILABLE' } }]);
  });

  it('keeps a room on its pod while a call of it is in flight there, though another pod owns it now (R11)', async () => {
    up(b);
    const first = send('1', roomOfA);
    up(a, b);
    void send('2', roomOfA);
    vi.advanceTimersByTime(5);
    expect(contents(b)).toEqual(['1', '2']);
    exchange.at(b).answer(0, stored);
    exchange.at(b).answer(1, stored);
    await first;
    void send('3', roomOfA);
    expect(contents(a)).toEqual(['3']);
  });

  it('repeats the sends of a broken stream in their order, and what comes meanwhile does not overtake them', async () => {
    up(a);
    const sends = ['1', '2', '3'].map((text) => send(text));
    vi.advanceTimersByTime(5);
    exchange.at(a).events.onEnd('broken');
    void send('4');
    void send('x', 'other-room');
    vi.advanceTimersByTime(500);
    void send('5');
    exchange.at(a).events.onUp();
    void send('6');
    vi.advanceTimersByTime(5);
    expect(contents(a)).toEqual(['1', '2', '3', '4', '5', 'x', '6']);
    for (const index of [0, 1, 2]) exchange.at(a).answer(index, stored);
    await expect(Promise.all(sends)).resolves.toHaveLength(3);
  });

  it('sends new calls past a pod that will stop soon, as long as there is another one', async () => {
    up(a, b);
    exchange.at(a).events.onPodState({ eventsFailing: false, leaving: true });
    const sent = send('1', roomOfA);
    expect([contents(a), contents(b)]).toEqual([[], ['1']]);
    exchange.at(b).answer(0, stored);
    await sent;
    exchange.at(b).events.onEnd('broken');
    void quiet(send('2', roomOfA));
    expect(contents(a)).toEqual(['2']);
  });

  it('names the request of a change of a room in all of its attempts, and gives each request its own name', async () => {
    up(a, b);
    const leave = () => quiet(pool.call('leaveRoom', { roomId: roomOfA }, { ...context(), roomId: roomOfA }));
    void leave();
    void leave();
    void quiet(send('1', roomOfA));
    vi.advanceTimersByTime(5);
    const names = [...exchange.at(a).calls].map(({ requestId }) => requestId);
    expect(new Set(names).size).toBe(3);
    expect(names[2]).toBeUndefined();
    expect(exchange.at(a).calls[0]?.isRepeat).toBeUndefined();
    exchange.at(a).events.onEnd('broken');
    vi.advanceTimersByTime(20);
    expect(exchange.at(b).calls.map(({ requestId }) => requestId)).toEqual(names);
    expect(exchange.at(b).calls[0]?.isRepeat).toBe(true);
  });

  it('does not repeat what would happen twice, and calls its outcome unknown', async () => {
    up(a);
    const request = { roomType: 'group', participants: [], metadata: undefined, joinRule: '', historyVisibility: '' };
    const created = pool.call('createRoom', request, context());
    exchange.at(a).events.onEnd('broken');
    await expect(created).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE', outcome: 'unknown' });
  });

  it('does not let a later rejection settle an attempt that was left without an answer', async () => {
    up(a, b);
    const sent = send('1', roomOfA);
    exchange.at(a).events.onEnd('broken');
    vi.advanceTimersByTime(20);
    exchange.at(b).answer(0, failed('DEADLINE_EXCEEDED'));
    await expect(sent).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED', outcome: 'unknown' });
  });

  it('gives a call up at its deadline: a write is unknown, a read did not happen', async () => {
    up(a);
    const sent = send('1');
    const read = quiet(pool.call('getRoom', { roomId: 'r' }, context()));
    await vi.advanceTimersByTimeAsync(1_100);
    await expect(sent).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED', outcome: 'unknown' });
    await expect(read).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED', outcome: 'rejected' });
  });

  it('gives up with a send what waits behind it in the same room, so that none overtakes it (R11)', async () => {
    up(a);
    const first = send('1');
    vi.advanceTimersByTime(500);
    const [second, other] = [send('2'), send('3', 'other-room')];
    vi.advanceTimersByTime(5);
    exchange.at(a).events.onEnd('broken');
    await vi.advanceTimersByTimeAsync(550);
    await expect(first).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
    await expect(second).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE', outcome: 'unknown' });
    exchange.at(a).events.onUp();
    exchange.at(a).answer(0, stored);
    await expect(other).resolves.toBeTruthy();
  });

  it('tells the pod how much time a call has left', () => {
    up(a);
    void quiet(send('1'));
    expect(exchange.at(a).calls[0]?.deadlineMs).toBe(1_000);
  });

  it('takes what a stopping pod refuses to another pod, in order', async () => {
    up(a, b);
    const sends = ['1', '2'].map((text) => send(text, roomOfA));
    vi.advanceTimersByTime(5);
    exchange.at(a).answer(0, failed('SHUTTING_DOWN'));
    void send('3', roomOfA);
    expect(contents(a)).toEqual(['1', '2']);
    expect(contents(b)).toEqual([]);
    exchange.at(a).answer(1, failed('SHUTTING_DOWN'));
    vi.advanceTimersByTime(5);
    expect(contents(b)).toEqual(['1', '2', '3']);
    for (const index of [0, 1, 2]) exchange.at(b).answer(index, stored);
    await expect(Promise.all(sends)).resolves.toHaveLength(2);
    void send('4', roomOfA);
    expect(contents(b)).toEqual(['1', '2', '3', '4']);
  });

  it('fails in order, without sending them, what stands behind an unknown outcome, until the line is empty (R11)', async () => {
    up(a);
    const ended: string[] = [];
    const note = (name: string, sent: Promise<unknown>): Promise<unknown> =>
      sent.then(
        () => ended.push(name),
        ({ reason, outcome }) => ended.push(`${name} ${reason} ${outcome}`),
      );
    const line = ['1', '2'].map((text) => note(text, send(text)));
    vi.advanceTimersByTime(5);
    exchange.at(a).answer(0, failed('INTERNAL', WireOutcome.ERROR_OUTCOME_UNKNOWN));
    line.push(note('3', send('3')), note('4', send('4')));
    void send('other', 'other-room');
    vi.advanceTimersByTime(5);
    expect(contents(a)).toEqual(['1', '2', 'other']);
    exchange.at(a).answer(1, stored);
    await Promise.all(line);
    expect(ended).toEqual(['1 INTERNAL unknown', '2', '3 STORE_UNAVAILABLE rejected', '4 STORE_UNAVAILABLE rejected']);
    void send('5');
    vi.advanceTimersByTime(5);
    expect(contents(a)).toEqual(['1', '2', 'other', '5']);
  });

  it('repeats nothing of a line behind an unknown outcome', async () => {
    up(a, b);
    const [, second] = ['1', '2'].map((text) => send(text, roomOfA));
    vi.advanceTimersByTime(5);
    exchange.at(a).answer(0, failed('INTERNAL', WireOutcome.ERROR_OUTCOME_UNKNOWN));
    exchange.at(a).events.onEnd('broken');
    await expect(second).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE', outcome: 'unknown' });
    vi.advanceTimersByTime(5_000);
    expect(contents(b)).toEqual([]);
  });

  it('asks again, after a pause, when the store was away, and lets nothing of the line overtake', async () => {
    up(a);
    const first = send('1');
    exchange.at(a).answer(0, failed('STORE_UNAVAILABLE'));
    const second = send('2');
    vi.advanceTimersByTime(5);
    expect(contents(a)).toEqual(['1']);
    vi.advanceTimersByTime(50);
    expect(contents(a)).toEqual(['1', '1', '2']);
    for (const index of [1, 2]) exchange.at(a).answer(index, stored);
    await expect(Promise.all([first, second])).resolves.toHaveLength(2);
  });

  it('calls the outcome unknown when a call is refused that an earlier attempt may have carried out', async () => {
    up(a);
    const left = pool.call('leaveRoom', { roomId: 'r' }, context());
    exchange.at(a).answer(0, failed('STORE_UNAVAILABLE', WireOutcome.ERROR_OUTCOME_UNKNOWN));
    vi.advanceTimersByTime(50);
    exchange.at(a).answer(1, failed('NOT_A_PARTICIPANT'));
    await expect(left).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE', outcome: 'unknown' });
  });

  it('asks again in order for several sends of a line', () => {
    up(a);
    for (const text of ['1', '2']) void send(text);
    vi.advanceTimersByTime(5);
    for (const index of [0, 1]) exchange.at(a).answer(index, failed('STORE_UNAVAILABLE'));
    void send('3');
    vi.advanceTimersByTime(50);
    expect(contents(a)).toEqual(['1', '2', '1', '2', '3']);
  });

  it('does not ask again for a send that a newer one of its line has overtaken', async () => {
    up(a);
    const first = send('1');
    void send('2');
    vi.advanceTimersByTime(5);
    exchange.at(a).answer(0, failed('STORE_UNAVAILABLE'));
    exchange.at(a).answer(1, stored);
    await expect(first).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE', outcome: 'rejected' });
    vi.advanceTimersByTime(1_000);
    expect(contents(a)).toEqual(['1', '2']);
  });

  it('does not ask again what is final or was told to wait', async () => {
    up(a);
    for (const [index, reason] of (['RATE_LIMITED', 'PERMISSION_DENIED', 'INTERNAL'] as const).entries()) {
      const sent = send(reason);
      vi.advanceTimersByTime(5);
      exchange.at(a).answer(index, failed(reason));
      await expect(sent).rejects.toMatchObject({ reason });
    }
    vi.advanceTimersByTime(1_000);
    expect(exchange.at(a).calls).toHaveLength(3);
  });

  it('sends a call to four pods at most: it may be what brings them down', async () => {
    const pods = ['1', '2', '3', '4', '5'].map((digit) => `10.0.1.${digit}:4005`);
    up(...pods);
    const sent = send('bane');
    for (let attempt = 0; attempt < 4; attempt++) {
      vi.advanceTimersByTime(150);
      exchange.attempts.find(({ isOver, calls }) => !isOver && calls.length > 0)?.events.onEnd('crashed');
    }
    await expect(sent).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE', outcome: 'unknown' });
    expect(exchange.attempts.flatMap(({ calls }) => calls)).toHaveLength(4);
  });

  it('sends again no more than its budget allows, and counts what it refused', async () => {
    up(a, b);
    const sends = Array.from({ length: 1_500 }, (_, index) => send(String(index), `room-${index}`));
    const outcomes = Promise.allSettled(sends);
    vi.advanceTimersByTime(5);
    const onA = exchange.at(a).calls.length;
    const onB = exchange.at(b).calls.length;
    exchange.at(b).events.onEnd('broken');
    vi.advanceTimersByTime(100);
    const again = exchange.at(a).calls.length - onA;
    expect(again).toBe(onB);
    exchange.at(a).events.onEnd('broken');
    vi.advanceTimersByTime(500);
    for (const pod of [a, b]) exchange.at(pod).events.onUp();
    const repeated = Number((await metrics.retries.get()).values[0]?.value);
    const refused = Number(
      (await metrics.refusedRetries.get()).values.find(({ labels }) => labels.why === 'budget')?.value,
    );
    expect(repeated).toBeGreaterThan(again);
    expect(repeated).toBeLessThan(1_020);
    expect(repeated + refused).toBe(onB + 1_500);
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true);
  });

  it('lets what a stopping pod refuses wait for the next pod, when there is none yet', async () => {
    up(a);
    const sent = send('1');
    exchange.at(a).answer(0, failed('SHUTTING_DOWN'));
    await vi.advanceTimersByTimeAsync(200);
    up(a, b);
    exchange.at(b).answer(0, stored);
    await expect(sent).resolves.toBeTruthy();
  });

  it('lets a pod that DNS no longer names finish its calls before it closes the stream', async () => {
    up(a);
    const sent = send('1');
    streams.setAddresses([b]);
    expect(exchange.at(a).isClosed).toBe(false);
    exchange.at(a).answer(0, stored);
    await sent;
    expect(exchange.at(a).isClosed).toBe(true);
  });

  it('names the rooms that a broken pod owned', () => {
    up(a, b);
    exchange.at(a).events.onEnd('broken');
    expect(changes.map(({ kind, concerns }) => [kind, concerns(roomOfA), concerns(roomOfB)]).at(-1)).toEqual([
      'broken',
      true,
      false,
    ]);
  });

  it('names the rooms too that were written to through a broken pod while it did not own them (R9)', () => {
    up(b);
    void send('1', roomOfA);
    up(a, b);
    exchange.at(b).events.onEnd('broken');
    expect(changes.at(-1)?.concerns(roomOfA)).toBe(true);
  });

  it('fails what is in flight when it is closed', async () => {
    up(a);
    const sent = send('1');
    pool.close();
    await expect(sent).rejects.toMatchObject({ reason: 'SHUTTING_DOWN', outcome: 'unknown' });
  });

  function up(...addresses: string[]): void {
    const before = exchange.attempts.length;
    streams.setAddresses(addresses);
    for (const attempt of exchange.attempts.slice(before)) attempt.events.onUp();
  }

  function send(content: string, roomId = 'r'): Promise<unknown> {
    const request = { roomId, content, messageType: 'text', clientMessageId: content, metadataJson: '' };
    return quiet(pool.call('sendMessage', request, { ...context(), roomId, line: `socket ${roomId}` }));
  }

  function contents(address: string): (string | undefined)[] {
    return exchange.at(address).calls.map(({ sendMessage }) => sendMessage?.content);
  }
});

const stored = { sendMessage: { message: undefined, deduplicated: false, epoch: 0 } };

function failed(reason: ErrorReason, outcome = WireOutcome.ERROR_OUTCOME_REJECTED) {
  return { error: { reason: toWireReason(reason), message: '', outcome, retryAfterMs: 0 } };
}

function context() {
  return { userId: 'u', traceId: 't', deadlineAt: Date.now() + 1_000 };
}

/** Some calls here are never answered. */
function quiet<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}

function roomOwnedBy(address: string): string {
  for (let index = 0; ; index++) if (rendezvous(`room-${index}`, [a, b]) === address) return `room-${index}`;
}
