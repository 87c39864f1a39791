import type { Writable } from 'node:stream';

/** More than this waits for no turn's end. */
const mostHeldBytes = 64 * 1024;

/**
 * Gathers what sockets are written in one turn of the event loop: it leaves at the end of that turn, in one write for each
 * socket, an ack and the events beside it included. So nothing waits for a time, and of frames that are there together only
 * the first costs a write. What else is written to such a socket keeps its place, and its end sends what is held.
 */
export class TurnWrites {
  private held: Writable[] = [];

  /** @param wrote is told how many writes a turn took. */
  constructor(private readonly wrote: (writes: number) => void) {}

  /** Writes to a socket at the end of this turn. Order is kept. */
  write(stream: Writable, bytes: Uint8Array): void {
    if (stream.writableCorked === 0) {
      stream.cork();
      if (this.held.push(stream) === 1) setImmediate(this.end);
    }
    stream.write(bytes);
    if (stream.writableLength < mostHeldBytes) return;
    stream.uncork();
    this.wrote(1);
  }

  private readonly end = (): void => {
    const { held } = this;
    this.held = [];
    let writes = 0;
    for (const stream of held) {
      if (stream.writableCorked === 0) continue;
      stream.uncork();
      writes += 1;
    }
    this.wrote(writes);
  };
}
