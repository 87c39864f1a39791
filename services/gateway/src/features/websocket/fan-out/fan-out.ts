import type { Frame } from '../transport/frame.js';

/** Sockets that are written to in one turn. */
export const sliceReceivers = 100;

/** Frames of one room that may wait. */
export const maxWaiting = 100;

/**
 * Writes a room's frames to its sockets, in their order. A frame for many goes a slice of sockets a turn of the event loop,
 * so that others' requests and messages come in between: a thousand sockets take 10 to 100 ms, by size of the frame. Whatever
 * comes for a room meanwhile waits behind, and what waits for the same sockets goes to each of them together, which is one
 * write.
 */
export class FanOut<Room extends object, Receiver extends FrameReceiver> {
  /** Rooms with something to write, the one whose turn it is in front. */
  private readonly waiting = new Map<Room, Batch<Receiver>[]>();
  private scheduled = false;

  /** Writes a frame, now if it is for few and nothing waits; `done` is told how many sockets took it. */
  write(room: Room, frame: Frame, receivers: readonly Receiver[], done: (written: number) => void): void {
    const known = this.waiting.get(room);
    if (known) {
      if (!joins(known.at(-1), frame, receivers, done)) known.push(batchOf(frame, receivers, done));
      // Faster than it can be written: the room pays for it, and the sender of events with it.
      if (frameCount(known) > maxWaiting) this.writeAll(room, known);
      return;
    }
    const batch = batchOf(frame, receivers, done);
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

/** Frames for the same sockets. */
interface Batch<Receiver> {
  readonly parts: Part[];
  readonly receivers: readonly Receiver[];
  next: number;
}

interface Part {
  readonly frame: Frame;
  readonly done: (written: number) => void;
  written: number;
}

function batchOf<Receiver>(frame: Frame, receivers: readonly Receiver[], done: Part['done']): Batch<Receiver> {
  return { parts: [{ frame, done, written: 0 }], receivers, next: 0 };
}

/** Puts a frame to a batch that has not begun, if that is for the same sockets; false when it is not. */
function joins<Receiver>(
  batch: Batch<Receiver> | undefined,
  frame: Frame,
  receivers: readonly Receiver[],
  done: Part['done'],
): boolean {
  if (batch === undefined || batch.next > 0 || batch.receivers.length !== receivers.length) return false;
  if (receivers.some((receiver, at) => receiver !== batch.receivers[at])) return false;
  batch.parts.push({ frame, done, written: 0 });
  return true;
}

function frameCount(batches: readonly Batch<unknown>[]): number {
  let count = 0;
  for (const { parts } of batches) count += parts.length;
  return count;
}

/** Writes to the next receivers; true when that was the last of them. */
function writeSlice(batch: Batch<FrameReceiver>): boolean {
  const { parts, receivers } = batch;
  const end = Math.min(batch.next + sliceReceivers, receivers.length);
  for (let at = batch.next; at < end; at++)
    for (const part of parts) if (receivers[at]?.deliver(part.frame) === true) part.written += 1;
  batch.next = end;
  if (end < receivers.length) return false;
  for (const { done, written } of parts) done(written);
  return true;
}
