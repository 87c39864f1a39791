import type { Requester } from '../connection/connection.js';
import type { Clock } from '../time/clock.js';

const refreshMs = 30_000;

/**
 * The rooms that somebody looks at. Their marks are asked for every 30 s, because pushes of receipts are not repeated
 * (R12: marks only rise).
 */
export class OpenRooms {
  /** How often each is open. */
  private readonly opened = new Map<string, number>();
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly connection: Pick<Requester, 'state'>,
    private readonly clock: Clock,
    /** These rooms want to know everybody, and everybody's marks. */
    private readonly refresh: (roomIds: readonly string[]) => void,
    /** Nobody looks at this room any more. */
    private readonly closed: (roomId: string) => void,
  ) {}

  /** Opens a room; the function it answers closes it, once. */
  open(roomId: string): () => void {
    const others = this.opened.get(roomId) ?? 0;
    this.opened.set(roomId, others + 1);
    if (others === 0 && this.connection.state === 'online') this.refresh([roomId]);
    this.schedule();
    let isOpen = true;
    return () => {
      if (isOpen) this.close(roomId);
      isOpen = false;
    };
  }

  /** Rooms that somebody looks at. */
  get roomIds(): readonly string[] {
    return [...this.opened.keys()];
  }

  /** Somebody looks at this room. */
  has(roomId: string): boolean {
    return this.opened.has(roomId);
  }

  /** A connection stands, and the open rooms were asked for. */
  resume(): void {
    this.schedule();
  }

  /** The connection is gone. */
  stop(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private close(roomId: string): void {
    const left = (this.opened.get(roomId) ?? 0) - 1;
    if (left > 0) return void this.opened.set(roomId, left);
    this.opened.delete(roomId);
    if (this.opened.size === 0) this.stop();
    this.closed(roomId);
  }

  private schedule(): void {
    if (this.connection.state !== 'online' || this.opened.size === 0) return;
    this.cancelTimer ??= this.clock.after(refreshMs, () => {
      this.cancelTimer = undefined;
      this.refresh(this.roomIds);
      this.schedule();
    });
  }
}
