import type { Frame } from '../transport/frame.js';

/** Sockets that are written to in one turn. */
export const sliceReceivers = 100;

/** Frames of one room that may wait. */
export const maxWaiting = 100;

/**
 * Writes a room's frames to its sockets, in their order. A frame for many goes a slice of sockets a turn of the event loop,
 * so that others' requests and messages come in between: a thousand sockets take 10 to 100 ms, by size of the frame. Whatever
 * comes for a room meanwhile waits behind.
 */
export class FanOut<Room extends object, Receiver extends FrameReceiver> {
  /** Rooms with something to write, the one whose turn it is in front. */
  private readonly waiting = new Map<Room, Batch<Receiver>[]>();
  private scheduled = false;

  /** Writes a frame, now if it is for few and nothing waits; `done` is told how many sockets took it. */
  write(room: Room, frame: Frame, receivers: readonly Receiver[], done: (written: number) => void): void {
    const batch = { frame, receivers, done, next: 0, written: 0 };
    const known = this.waiting.get(room);
    if (known) {
      known.push(batch);
      // Faster than it can be written: the room pays for it, and the sender of events with it.
      if (known.length > maxWaiting) this.writeAll(room, known);
      return;
    }
    if (writeSlice(batch)) return;
    this.waiting.set(room, [batch]);
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled || this.waiting.size === 0) return;
    this.scheduled = true;
    setImmediate(() => this.turn());
  }

  private turn(): void {
    this.scheduled = false;
    const [first] = this.waiting;
    if (first === undefined) return;
    const [room, batches] = first;
    const [batch] = batches;
    if (batch === undefined || writeSlice(batch)) batches.shift();
    this.waiting.delete(room);
    if (batches.length > 0) this.waiting.set(room, batches);
    this.schedule();
  }

  private writeAll(room: Room, batches: readonly Batch<Receiver>[]): void {
    this.waiting.delete(room);
    for (const batch of batches) while (!writeSlice(batch));
  }
}

/** Takes frames; `false` when it takes none any more. */
export interface FrameReceiver {
  deliver(frame: Frame): boolean;
}

interface Batch<Receiver> {
  readonly frame: Frame;
  readonly receivers: readonly Receiver[];
  readonly done: (written: number) => void;
  next: number;
  written: number;
}

/** Writes to the next receivers; true when that was the last of them. */
function writeSlice(batch: Batch<FrameReceiver>): boolean {
  const { frame, receivers } = batch;
  const end = Math.min(batch.next + sliceReceivers, receivers.length);
  for (const receiver of receivers.slice(batch.next, end)) if (receiver.deliver(frame)) batch.written += 1;
  batch.next = end;
  if (end < receivers.length) return false;
  batch.done(batch.written);
  return true;
}
