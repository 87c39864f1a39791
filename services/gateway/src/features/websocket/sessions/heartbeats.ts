import { everyBeat } from '@parlance/runtime';
import type { LocalSocket } from '../transport/local-socket.js';
import { pingIntervalMs, pingTimeoutMs } from '../transport/ping-times.js';

/** Seldom enough that looking through all connections costs little. */
const everyMs = 2_500;

/**
 * Asks every connection for a sign of life each {@link pingIntervalMs}, and gives up the one that has given none
 * {@link pingTimeoutMs} later. In place of Engine.IO's own timers, one or two for each connection: those that are due in the
 * same 2.5 s are asked together, so that the process wakes once for all of them.
 */
export class Heartbeats {
  private stopBeat: (() => void) | undefined;

  constructor(
    private readonly sockets: () => Iterable<Pick<LocalSocket, 'askForSign' | 'askedAt' | 'giveUp' | 'isSilent'>>,
    private readonly elapsedMs: () => number,
  ) {}

  start(): void {
    this.stopBeat = everyBeat(everyMs, () => this.beat(this.elapsedMs()));
  }

  stop(): void {
    this.stopBeat?.();
  }

  private beat(now: number): void {
    for (const socket of this.sockets()) {
      const sinceMs = now - socket.askedAt;
      if (!socket.isSilent) {
        if (sinceMs >= pingIntervalMs) socket.askForSign();
      } else if (sinceMs >= pingTimeoutMs) socket.giveUp();
    }
  }
}
