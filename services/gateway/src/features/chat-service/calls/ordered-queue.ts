import type { ExchangeStream } from '../streams/exchange-stream.js';
import type { PendingCall } from '../streams/pending-call.js';

/**
 * Calls that keep their order: the sends of one socket in one room (R11: sends keep their order), or one call by
 * itself. Several may be in flight together, all on one stream, since a stream and the pod behind it keep their order.
 * What has to be sent again waits until nothing of the line is in flight, and newer calls wait behind it. Of a stopped
 * line nothing is sent any more.
 */
export class OrderedQueue {
  /** When its waiting calls may be sent, Unix milliseconds. */
  notBefore = 0;
  private readonly open = new Set<PendingCall>();
  private readonly flying = new Set<PendingCall>();
  private current: ExchangeStream | undefined;
  private stopped = false;

  constructor(
    /** Undefined for a call by itself. */
    readonly key: string | undefined,
    readonly roomId: string | undefined,
  ) {}

  /** Calls without an answer, oldest first. */
  get calls(): readonly PendingCall[] {
    return [...this.open];
  }

  get isEmpty(): boolean {
    return this.open.size === 0;
  }

  /** Where its calls in flight are; undefined when there are none. */
  get stream(): ExchangeStream | undefined {
    return this.flying.size > 0 ? this.current : undefined;
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  /** A new call must wait: older ones do, or the line is stopped. */
  get isHeldUp(): boolean {
    return this.stopped || this.open.size > this.flying.size;
  }

  /** Calls that are not in flight, oldest first. */
  get waiting(): readonly PendingCall[] {
    return this.calls.filter((call) => !this.flying.has(call));
  }

  /** A new call, behind all others. */
  add(call: PendingCall): void {
    this.open.add(call);
  }

  /** A call is put on a stream, which is the one of those in flight. */
  send(call: PendingCall, stream: ExchangeStream): void {
    this.flying.add(call);
    this.current = stream;
  }

  /** A call came back from its stream. */
  takeBack(call: PendingCall): void {
    this.flying.delete(call);
  }

  /** A call has its answer; it is in flight no more. */
  remove(call: PendingCall): void {
    this.open.delete(call);
  }

  /** Older calls than this one wait to be sent again. */
  hasOvertaken(call: PendingCall): boolean {
    for (const each of this.open) {
      if (each === call) return false;
      if (!this.flying.has(each)) return true;
    }
    return false;
  }

  /**
   * From now on nothing of it is sent: a call that may have happened, or was given up, will be tried again by its client,
   * and whatever is sent meanwhile would come before it.
   */
  stop(): void {
    this.stopped = true;
  }
}
