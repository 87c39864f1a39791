import type { PendingCall } from '../streams/pending-call.js';
import { OrderedQueue } from './ordered-queue.js';

/** All calls without an answer, and the lines they stand in. */
export class OrderedQueues {
  private readonly held = new Set<OrderedQueue>();
  private readonly byKey = new Map<string, OrderedQueue>();
  private readonly byCall = new Map<PendingCall, OrderedQueue>();

  /** Calls without an answer. */
  get callCount(): number {
    return this.byCall.size;
  }

  /** Lines of which something has to be sent, as they are now; some of them have calls in flight too. */
  get waiting(): readonly OrderedQueue[] {
    return [...this.held];
  }

  /** Notes that something of a line has to be sent. */
  hold(line: OrderedQueue): void {
    this.held.add(line);
  }

  /** Notes that nothing of a line has to be sent any more. */
  release(line: OrderedQueue): void {
    this.held.delete(line);
  }

  /** The line that a new call would join. */
  lineFor({ context: { line: key, roomId } }: PendingCall): OrderedQueue {
    return (key === undefined ? undefined : this.byKey.get(key)) ?? new OrderedQueue(key, roomId);
  }

  /** Puts a new call at the end of its line. */
  join(line: OrderedQueue, call: PendingCall): void {
    line.add(call);
    this.byCall.set(call, line);
    if (line.key !== undefined) this.byKey.set(line.key, line);
  }

  /** Takes a call that has its answer out of its line. Of a line that has drained to empty nothing is remembered. */
  leave(line: OrderedQueue, call: PendingCall): void {
    line.remove(call);
    this.byCall.delete(call);
    if (!line.isEmpty) return;
    this.held.delete(line);
    if (line.key !== undefined) this.byKey.delete(line.key);
  }

  /** The line in which a call stands. */
  lineOf(call: PendingCall): OrderedQueue {
    const line = this.byCall.get(call);
    if (line === undefined) throw new Error('the call has its answer already');
    return line;
  }
}
