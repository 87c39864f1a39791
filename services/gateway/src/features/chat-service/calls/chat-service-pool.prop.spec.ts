import { randomUUID } from 'node:crypto';
import { type Call, type CallResult, ChatError, type ErrorReason, toWireReason, WireOutcome } from '@parlance/proto';
import { createLogger } from '@parlance/runtime';
import { array, assert, asyncProperty, constantFrom, nat, oneof, record } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGatewayMetrics } from '../../../metrics.js';
import type { ExchangeConnection, ExchangeEvents } from '../streams/exchange-connection.js';
import { ExchangeStream } from '../streams/exchange-stream.js';
import { ExchangeStreams } from '../streams/exchange-streams.js';
import type { PendingCall } from '../streams/pending-call.js';
import { StreamObserver } from '../streams/stream-observer.js';
import { ChatServicePool } from './chat-service-pool.js';
import { Retries } from './retries.js';

const now = () => Date.now();
const addresses = ['10.0.0.1:4005', '10.0.0.2:4005', '10.0.0.3:4005'] as const;
const rooms = ['r1', 'r2'] as const;
const metrics = createGatewayMetrics('test');
const pod = nat(addresses.length - 1);

/** Sends weigh most, so that lines are rarely empty. */
const step = oneof(
  { weight: 6, arbitrary: record({ does: constantFrom('send'), socket: nat(1), room: nat(rooms.length - 1) }) },
  { weight: 5, arbitrary: record({ does: constantFrom('work'), pod, calls: nat(4), fate: constantFrom(...fates()) }) },
  { weight: 3, arbitrary: record({ does: constantFrom('tell'), pod, answers: nat(4) }) },
  { weight: 1, arbitrary: record({ does: constantFrom('crash', 'up', 'drain'), pod }) },
  { weight: 1, arbitrary: record({ does: constantFrom('name'), named: array(pod, { maxLength: 3 }) }) },
  { weight: 2, arbitrary: record({ does: constantFrom('wait'), ms: nat(400) }) },
);

describe('ChatServicePool, whatever pods and answers do', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('has the sends of a socket in a room carried out in their order, none behind an unknown outcome, and answers all', async () => {
    await assert(
      asyncProperty(array(step, { maxLength: 80, size: 'max' }), async (steps) => {
        const world = new World();
        try {
          for (const each of steps) await world.play(each);
          await world.settle();
          expect([...world.lines.values()].flatMap((line) => line.faults())).toEqual([]);
        } finally {
          world.pool.close();
          vi.restoreAllMocks();
        }
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});

type Step = typeof step extends { generate: (...args: never) => { value: infer Value } } ? Value : never;

function fates() {
  return ['stored', 'stored', 'stored', 'stored', 'stored but unknown', 'unknown', 'away', 'refused'] as const;
}

/** The sends of one socket in one room, as the client and as the chat service see them. */
class Line {
  /** In the order of the sends. */
  readonly sends: Send[] = [];
  /** In the order of the log. */
  readonly log: number[] = [];
  /** In the order in which the client was told. */
  private readonly answered: number[] = [];
  /** Sends that must not reach a pod: an unknown outcome was told before they were issued, and not all is answered. */
  private readonly doomed = new Set<number>();
  private isTainted = false;

  add(): Send {
    const send: Send = { number: this.sends.length, issued: false, end: undefined };
    this.sends.push(send);
    if (this.isTainted) this.doomed.add(send.number);
    return send;
  }

  /** The client is told of an end. */
  tell(send: Send, end: 'stored' | ChatError): void {
    send.end = end;
    this.answered.push(send.number);
    const open = this.sends.filter((each) => each.end === undefined);
    if (end !== 'stored' && end.outcome === 'unknown' && open.length > 0) {
      this.isTainted = true;
      for (const each of open) if (!each.issued) this.doomed.add(each.number);
    }
    if (open.length === 0) this.isTainted = false;
  }

  /** What is wrong with it. */
  faults(): readonly string[] {
    const late = this.answered.filter((number) => this.doomed.has(number));
    return [
      ...(isAscending(this.log) ? [] : [`stored as ${this.log.join(' ')}`]),
      ...(isAscending(late) ? [] : [`failed as ${late.join(' ')}`]),
      ...this.sends.filter(({ end }) => end === undefined).map(({ number }) => `${number} has no answer`),
      ...[...this.doomed].filter((number) => !isHeldBack(this.sends[number])).map((number) => `${number} was sent`),
    ];
  }
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
}

function isHeldBack(send: Send | undefined): boolean {
  return (
    send?.issued === false && send.end instanceof ChatError && send.end.outcome === 'rejected' && send.end.row.retryable
  );
}

interface Send {
  readonly number: number;
  /** It was put on a stream. */
  issued: boolean;
  end: 'stored' | ChatError | undefined;
}

/** Pods that read their streams in order, may stop reading anywhere, and tell or lose their answers. */
class World {
  readonly lines = new Map<string, Line>();
  readonly pool: ChatServicePool;
  private readonly streams: ExchangeStreams;
  private readonly connections = new Map<string, PodConnection>();
  private readonly draining = new Set<string>();

  constructor() {
    const observer = new StreamObserver(metrics, createLogger({ name: 'test', level: 'silent' }));
    this.streams = new ExchangeStreams((address, events) => this.open(address, events), observer, {
      now,
      elapsedMs: () => performance.now(),
    });
    this.pool = new ChatServicePool(this.streams, new Retries(metrics, now, () => 0.5), now, randomUUID);
    const { send } = ExchangeStream.prototype;
    vi.spyOn(ExchangeStream.prototype, 'send').mockImplementation(
      ((world: World) =>
        function (this: ExchangeStream, call: PendingCall): void {
          world.issued(call);
          send.call(this, call);
        })(this),
    );
    this.streams.setAddresses(addresses);
    for (const connection of this.connections.values()) connection.events.onUp();
  }

  async play(step: Step): Promise<void> {
    if (step.does === 'send' && 'socket' in step) this.send(`s${step.socket}`, rooms[step.room] ?? 'r1');
    if (step.does === 'work' && 'fate' in step) this.work(address(step.pod), step.calls + 1, step.fate);
    if (step.does === 'tell' && 'answers' in step) this.connections.get(address(step.pod))?.tell(step.answers + 1);
    if (step.does === 'crash' && 'pod' in step) this.crash(address(step.pod));
    if (step.does === 'up' && 'pod' in step) this.up(address(step.pod));
    if (step.does === 'drain' && 'pod' in step) this.draining.add(address(step.pod));
    if (step.does === 'name' && 'named' in step) this.streams.setAddresses([...new Set(step.named.map(address))]);
    await vi.advanceTimersByTimeAsync(step.does === 'wait' && 'ms' in step ? step.ms : 2);
  }

  /** All pods answer for longer than any deadline. */
  async settle(): Promise<void> {
    for (let round = 0; round < 40; round++) {
      for (const each of addresses) {
        this.up(each);
        this.work(each, 100, 'stored');
        this.connections.get(each)?.tell(100);
      }
      await vi.advanceTimersByTimeAsync(50);
    }
  }

  /** Noted when a call is put on a stream, which is up to a millisecond before the frame. */
  private issued({ context: { line = '' }, request }: PendingCall): void {
    const send = 'clientMessageId' in request ? this.lineOf(line).sends[Number(request.clientMessageId)] : undefined;
    if (send) send.issued = true;
  }

  private send(socket: string, roomId: string): void {
    const line = this.lineOf(`${socket} ${roomId}`);
    const send = line.add();
    const request = { roomId, content: '', messageType: 'text', clientMessageId: `${send.number}`, metadataJson: '' };
    const context = {
      userId: socket,
      traceId: '',
      deadlineAt: Date.now() + 1_000,
      roomId,
      line: `${socket} ${roomId}`,
    };
    this.pool.call('sendMessage', request, context).then(
      () => line.tell(send, 'stored'),
      (error: ChatError) => line.tell(send, error),
    );
  }

  private lineOf(key: string): Line {
    const line = this.lines.get(key) ?? new Line();
    this.lines.set(key, line);
    return line;
  }

  /** The pod reads some calls and carries the first of them out in some way, the others as they should be. */
  private work(pod: string, count: number, fate: ReturnType<typeof fates>[number]): void {
    const connection = this.connections.get(pod);
    for (const [index, call] of (connection?.read(count) ?? []).entries()) {
      if (this.draining.has(pod)) connection?.answer(call, failed('SHUTTING_DOWN', 'rejected'), 'now');
      else this.carryOut(connection as PodConnection, call, index === 0 ? fate : 'stored');
    }
  }

  private carryOut(connection: PodConnection, call: Call, fate: ReturnType<typeof fates>[number]): void {
    // What was not done is told at once: a pod that refuses one send, takes the next and dies without a word about
    // either would have its gateway repeat them in an order that nobody can know to be wrong.
    if (fate === 'unknown') return connection.answer(call, failed('INTERNAL', 'unknown'), 'now');
    if (fate === 'away') return connection.answer(call, failed('STORE_UNAVAILABLE', 'rejected'), 'now');
    if (fate === 'refused') return connection.answer(call, failed('RATE_LIMITED', 'rejected'), 'now');
    const { roomId = '', clientMessageId } = call.sendMessage ?? {};
    const { log } = this.lineOf(`${call.userId} ${roomId}`);
    if (!log.includes(Number(clientMessageId))) log.push(Number(clientMessageId));
    const stored = { sendMessage: { message: undefined, deduplicated: false, epoch: 0 } };
    connection.answer(call, fate === 'stored' ? stored : failed('INTERNAL', 'unknown'), 'later');
  }

  private crash(pod: string): void {
    const connection = this.connections.get(pod);
    this.connections.delete(pod);
    this.draining.delete(pod);
    connection?.events.onEnd('crashed');
  }

  private up(pod: string): void {
    const connection = this.connections.get(pod);
    if (this.draining.has(pod)) this.crash(pod);
    else if (connection && !connection.isUp) connection.goUp();
  }

  private open(pod: string, events: ExchangeEvents): ExchangeConnection {
    const connection = new PodConnection(events);
    this.connections.set(pod, connection);
    return connection;
  }
}

/** One stream to one pod. */
class PodConnection implements ExchangeConnection {
  readonly events: ExchangeEvents;
  isUp = false;
  private readonly unread: { readonly call: Call; readonly deadlineAt: number }[] = [];
  private readonly untold: CallResult[] = [];
  private closed = false;

  constructor(events: ExchangeEvents) {
    this.events = { ...events, onUp: () => this.goUp(), onEnd: (reason) => this.closed || events.onEnd(reason) };
    this.goUp = () => {
      this.isUp = true;
      events.onUp();
    };
  }

  goUp: () => void;

  write({ calls }: { readonly calls: readonly Call[] }): void {
    this.unread.push(...calls.map((call) => ({ call, deadlineAt: Date.now() + call.deadlineMs })));
  }

  close(): void {
    this.closed = true;
  }

  /** The next calls, but for those that nobody waits for any more. */
  read(count: number): readonly Call[] {
    const read = this.unread.splice(0, count).filter(({ deadlineAt }) => deadlineAt > Date.now());
    return this.closed ? [] : read.map(({ call }) => call);
  }

  answer({ callId }: Call, result: Omit<CallResult, 'callId'>, when: 'now' | 'later'): void {
    this.untold.push({ callId, ...result });
    if (when === 'now') this.tell(this.untold.length);
  }

  tell(count: number): void {
    const results = this.untold.splice(0, count);
    if (results.length > 0 && !this.closed) this.events.onResults(results);
  }
}

function failed(reason: ErrorReason, outcome: 'rejected' | 'unknown') {
  const wireOutcome = outcome === 'unknown' ? WireOutcome.ERROR_OUTCOME_UNKNOWN : WireOutcome.ERROR_OUTCOME_REJECTED;
  return { error: { reason: toWireReason(reason), message: '', outcome: wireOutcome, retryAfterMs: 0 } };
}

function address(index: number): string {
  return addresses[index] ?? addresses[0];
}
