import { type CallResult, frameBytes, limits } from '@parlance/proto';
import { backoffMs } from '@parlance/runtime';
import type { Clock } from '../../../clock.js';
import type { ExchangeConnection, OpenExchange } from './exchange-connection.js';
import { FrameBatcher } from './frame-batcher.js';
import type { PendingCall } from './pending-call.js';

/**
 * A call waits for no other up to 300 a second; from 500 a second on a frame holds what comes in 22 ms, or some 26 calls. A little
 * more than the spacing of the chat service's insert commands, so that what it holds is stored as soon as it has come.
 */
const spacing = { leastMs: 1, mostMs: 22, quietPerSecond: 300, busyPerSecond: 500, enoughItems: 26 };

/**
 * The long-lived stream to one chat-service pod: writes calls in micro-batches, matches results to calls, and opens
 * itself again with a growing jittered pause when it breaks. On a break every call on it is handed back, in the order
 * in which it was sent; what becomes of them is the owner's decision.
 */
export class ExchangeStream {
  private readonly pending = new Map<number, PendingCall>();
  private readonly batcher: FrameBatcher<Entry>;
  private connection: ExchangeConnection | undefined;
  private reconnectTimer: NodeJS.Timeout | undefined;
  private failures = 0;
  private nextCallId = 1;
  /** Why it is not up; undefined while it is, and before the first attempt has ended. */
  failure: string | undefined;
  /** Events of this pod do not reach Redis, as far as its last frame told. */
  isMute = false;
  /** This pod will stop soon: new calls are better sent to another one. */
  isLeaving = false;
  private current: StreamState = 'connecting';

  constructor(
    readonly address: string,
    private readonly open: OpenExchange,
    private readonly owner: StreamOwner,
    private readonly clock: Clock,
  ) {
    this.batcher = new FrameBatcher({
      write: (entries) => this.writeFrame(entries),
      spacing,
      maxItems: limits.frameItems,
      maxBytes: limits.frameBytes,
      now: clock.elapsedMs,
    });
    this.connect();
  }

  get state(): StreamState {
    return this.current;
  }

  /** Calls waiting for their result here. */
  get inFlight(): number {
    return this.pending.size;
  }

  /** Puts a call on the stream; only while `up`, or `draining` for a line that still has calls there. */
  send(call: PendingCall): void {
    const callId = this.freeCallId();
    this.pending.set(callId, call);
    call.attempt();
    this.batcher.add({ callId, call }, frameBytes(call.toWire(callId, 0)));
  }

  /** The pod said that it is stopping: it gets no new rooms, and its stream will end soon. */
  markDraining(): void {
    if (this.current === 'up') this.current = 'draining';
  }

  /** Takes out the calls whose time is over at `now`, Unix milliseconds. */
  takeExpired(now: number): readonly PendingCall[] {
    const expired: PendingCall[] = [];
    for (const [callId, call] of this.pending) {
      if (call.context.deadlineAt > now) continue;
      this.pending.delete(callId);
      expired.push(call);
    }
    return expired;
  }

  /** When the time of a call here is over first, Unix milliseconds; infinite without calls. */
  earliestDeadline(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { context } of this.pending.values()) earliest = Math.min(earliest, context.deadlineAt);
    return earliest;
  }

  /** Ends the stream for good; calls still on it are handed back as on a break. */
  close(): void {
    if (this.current === 'closed') return;
    const wasUp = this.current === 'up' || this.current === 'draining';
    this.current = 'closed';
    clearTimeout(this.reconnectTimer);
    this.connection?.close();
    if (wasUp) this.handBack('given up');
  }

  private connect(): void {
    this.current = 'connecting';
    this.connection = this.open(this.address, {
      onUp: () => {
        this.current = 'up';
        this.failure = undefined;
        this.owner.onUp(this);
      },
      onResults: (results) => this.settle(results),
      onPodState: ({ eventsFailing, leaving }) => {
        if (leaving && !this.isLeaving) this.owner.onLeaving(this);
        this.isLeaving = leaving;
        if (eventsFailing === this.isMute) return;
        this.isMute = eventsFailing;
        this.owner.onMuteChange(this);
      },
      onEnd: (reason) => this.onEnd(reason),
    });
  }

  private settle(results: readonly CallResult[]): void {
    this.failures = 0;
    this.owner.onFrame('in', results.length);
    for (const result of results) {
      const call = this.pending.get(result.callId);
      if (call === undefined) continue; // Its deadline has passed.
      this.pending.delete(result.callId);
      this.owner.onResult(this, call, result);
    }
  }

  private onEnd(reason: string): void {
    if (this.current === 'closed') return;
    const wasUp = this.current !== 'connecting';
    this.current = 'waiting';
    this.isMute = false;
    this.isLeaving = false;
    this.failures += 1;
    this.failure = reason;
    const pauseMs = backoffMs(this.failures, { firstMs: 100, capMs: 3_000 });
    this.reconnectTimer = setTimeout(() => this.connect(), pauseMs);
    if (wasUp) this.handBack(reason);
    else this.owner.onUnreachable(this, reason);
  }

  private handBack(reason: string): void {
    this.batcher.clear();
    const calls = [...this.pending.values()];
    this.pending.clear();
    this.owner.onBreak(this, calls, reason);
  }

  private writeFrame(entries: readonly Entry[]): void {
    const now = this.clock.now();
    this.owner.onFrame('out', entries.length);
    this.connection?.write({ calls: entries.map(({ callId, call }) => call.toWire(callId, now)) });
  }

  private freeCallId(): number {
    do {
      this.nextCallId = this.nextCallId >= 0xffff_ffff ? 1 : this.nextCallId + 1;
    } while (this.pending.has(this.nextCallId));
    return this.nextCallId;
  }
}

/** `waiting` is the pause before the next attempt; `draining` still answers but takes no new rooms. */
export type StreamState = 'connecting' | 'up' | 'draining' | 'waiting' | 'closed';

/** What a stream tells the pool. */
export interface StreamOwner {
  onUp(stream: ExchangeStream): void;
  /** An attempt to connect failed. */
  onUnreachable(stream: ExchangeStream, reason: string): void;
  /** It was up and is not now; `calls` were on it, oldest first. */
  onBreak(stream: ExchangeStream, calls: readonly PendingCall[], reason: string): void;
  /** Its events began to fail, or do so no longer. */
  onMuteChange(stream: ExchangeStream): void;
  /** Its pod said that it will stop. */
  onLeaving(stream: ExchangeStream): void;
  onResult(stream: ExchangeStream, call: PendingCall, result: CallResult): void;
  onFrame(direction: 'in' | 'out', items: number): void;
}

interface Entry {
  readonly callId: number;
  readonly call: PendingCall;
}
