import type { Requester } from '../connection/connection.js';
import type { Clock } from '../time/clock.js';

const repeatMs = 10_000;

/** Tells that this user is typing: a start at most every 10 s in a room, a stop at once, and nothing twice. */
export class OwnTyping {
  /** When a start was last told, by room. */
  private readonly started = new Map<string, number>();

  constructor(
    private readonly connection: Requester,
    private readonly clock: Clock,
  ) {}

  /** Call it with every key if you like. */
  set(roomId: string, isTyping: boolean): void {
    const startedAt = this.started.get(roomId);
    const now = this.clock.now();
    if (isTyping ? startedAt !== undefined && now - startedAt < repeatMs : startedAt === undefined) return;
    if (this.connection.state !== 'online') return;
    if (isTyping) this.started.set(roomId, now);
    else this.started.delete(roomId);
    // Typing is told once and not made up for: it is over before another attempt would arrive.
    this.connection.request('typing', { roomId, isTyping }).catch(() => undefined);
  }

  /** The connection is gone, and with it what was told over it. */
  stop(): void {
    this.started.clear();
  }
}
