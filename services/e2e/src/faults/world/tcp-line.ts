import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** About what the sockets on a long line hold. */
const bufferBytes = 256 * 1024;

/** How a line treats what passes. */
export interface LineWeather {
  /** Everything comes this much later, milliseconds. */
  readonly delayMs: number;
  /** Undefined: as fast as it comes. */
  readonly bytesPerSecond: number | undefined;
}

/**
 * One direction of a proxied connection. What it holds back stays in order; when that is more than a socket would buffer it
 * takes no more, so that the sender notices a slow line as it would notice a real one.
 */
export class TcpLine {
  private waitingBytes = 0;
  private last: Promise<void> | undefined;
  /** When the line has passed all that it was given, by `performance.now()`. */
  private freeAt = 0;
  private frozen: PromiseWithResolvers<void> | undefined;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly weather: () => LineWeather,
  ) {
    from.on('data', (chunk: Buffer) => this.take(chunk));
  }

  /** Nothing passes any more, nothing is lost, and nobody is told. */
  freeze(): void {
    this.frozen ??= Promise.withResolvers();
    this.from.pause();
  }

  /** Ends a freeze. */
  thaw(): void {
    this.frozen?.resolve();
    this.frozen = undefined;
    this.takeMore();
  }

  private take(chunk: Buffer): void {
    const { delayMs, bytesPerSecond = Number.POSITIVE_INFINITY } = this.weather();
    const now = performance.now();
    this.freeAt = Math.max(now, this.freeAt) + (chunk.length / bytesPerSecond) * 1_000;
    const waitMs = this.freeAt + delayMs - now;
    if (waitMs <= 0 && this.last === undefined) return void this.to.write(chunk);
    this.waitingBytes += chunk.length;
    if (this.waitingBytes > bufferBytes) this.from.pause();
    const passed: Promise<void> = Promise.all([this.last, delay(waitMs)]).then(async () => {
      await this.frozen?.promise;
      this.to.write(chunk);
      this.waitingBytes -= chunk.length;
      if (this.last === passed) this.last = undefined;
      this.takeMore();
    });
    this.last = passed;
  }

  private takeMore(): void {
    if (this.frozen === undefined && this.waitingBytes <= bufferBytes) this.from.resume();
  }
}
