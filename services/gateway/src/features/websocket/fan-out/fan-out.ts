import type { Frame } from '../transport/frame.js';

/** Sockets that are written to in one turn. */
export const sliceReceivers = 100;

/** Frames of one room that may wait. */
export const maxWaiting = 100;

/**
 * Writes a room's frames to its sockets, in their order. A frame for many goes a slice of sockets a turn of the event loop,
 * so that others' requests and messages come in between: a thousand sockets take 10 to 100 ms, by size of the frame. What comes
 * for the same sockets meanwhile goes along from the one on that it has come to, and then to those before: so each is written
 * all that has come since its last turn together, which is one write. What is for others of the room waits behind.
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

/** Frames for the same sockets, which go round: each frame from where it came in, the oldest in front. */
interface Batch<Receiver> {
  readonly parts: Part[];
  readonly receivers: readonly Receiver[];
  next: number;
}

interface Part {
  readonly frame: Frame;
  readonly done: (written: number) => void;
  written: number;
  /** Receivers that it has not come to. */
  left: number;
}

function batchOf<Receiver>(frame: Frame, receivers: readonly Receiver[], done: Part['done']): Batch<Receiver> {
  return { parts: [{ frame, done, written: 0, left: receivers.length }], receivers, next: 0 };
}

/** Puts a frame to a batch, if that is for the same sockets; false when it is not. */
function joins<Receiver>(
  batch: Batch<Receiver> | undefined,
  frame: Frame,
  receivers: readonly Receiver[],
  done: Part['done'],
): boolean {
  if (batch === undefined || batch.receivers.length !== receivers.length) return false;
  if (receivers.some((receiver, at) => receiver !== batch.receivers[at])) return false;
  batch.parts.push({ frame, done, written: 0, left: receivers.length });
  return true;
}

function frameCount(batches: readonly Batch<unknown>[]): number {
  let count = 0;
  for (const { parts } of batches) count += parts.length;
  return count;
}

/** Writes to the next receivers; true when no frame has any left. */
function writeSlice(batch: Batch<FrameReceiver>): boolean {
  const { parts, receivers } = batch;
  let most = sliceReceivers;
  for (let [oldest] = parts; oldest !== undefined && (most > 0 || oldest.left === 0); [oldest] = parts) {
    const count = Math.min(most, oldest.left);
    for (let written = 0; written < count; written++) {
      const receiver = receivers[batch.next];
      for (const part of parts) if (receiver?.deliver(part.frame) === true) part.written += 1;
      batch.next = (batch.next + 1) % receivers.length;
    }
    for (const part of parts) part.left -= count;
    most -= count;
    if (oldest.left > 0) break;
    parts.shift();
    oldest.done(oldest.written);
  }
  return parts.length === 0;
}
