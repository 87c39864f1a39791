import type { Requester } from '../connection/connection.js';
import type { Internals } from '../internals.js';
import { ParlanceError } from '../parlance-error.js';
import { retryDelay } from '../time/retry-delay.js';

const collectMs = 250;

/**
 * Tells the server how far this user has got: the highest id of each room, collected for {@link collectMs}, until the
 * server has it. A read says delivered too.
 */
export class Receipts {
  private readonly rooms = new Map<string, RoomReceipts>();
  private cancelTimer: (() => void) | undefined;
  private failures = 0;

  constructor(
    private readonly connection: Requester,
    private readonly internals: Pick<Internals, 'clock' | 'random'>,
  ) {}

  /** Everything up to here has reached this client. */
  delivered(roomId: string, messageId: number): void {
    this.want(roomId, 'delivered', messageId);
  }

  /** Everything up to here was read. */
  read(roomId: string, messageId: number): void {
    this.want(roomId, 'read', messageId);
  }

  /** The server has these marks of this user. */
  known(roomId: string, marks: { readonly delivered: number; readonly read: number }): void {
    const receipts = this.room(roomId);
    receipts.delivered.known = Math.max(receipts.delivered.known, marks.delivered, marks.read);
    receipts.read.known = Math.max(receipts.read.known, marks.read);
  }

  /** A connection stands: tells what the last one may have lost. */
  resume(): void {
    for (const { delivered, read } of this.rooms.values()) {
      delivered.isUnderWay = false;
      read.isUnderWay = false;
    }
    this.schedule(collectMs);
  }

  /** The connection is gone. */
  stop(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    this.failures = 0;
  }

  /** The room is not the user's any more. */
  drop(roomId: string): void {
    this.rooms.delete(roomId);
  }

  private want(roomId: string, kind: Kind, messageId: number): void {
    const mark = this.room(roomId)[kind];
    if (messageId <= mark.wanted) return;
    mark.wanted = messageId;
    if (mark.wanted > mark.known) this.schedule(collectMs);
  }

  private schedule(delayMs: number): void {
    if (this.connection.state !== 'online') return;
    this.cancelTimer ??= this.internals.clock.after(delayMs, () => {
      this.cancelTimer = undefined;
      for (const roomId of this.rooms.keys()) {
        void this.tell(roomId, 'read');
        void this.tell(roomId, 'delivered');
      }
    });
  }

  /** Never rejects. */
  private async tell(roomId: string, kind: Kind): Promise<void> {
    const receipts = this.room(roomId);
    const mark = receipts[kind];
    const messageId = mark.wanted;
    const isCovered = kind === 'delivered' && receipts.read.wanted >= messageId;
    if (mark.isUnderWay || messageId <= mark.known || isCovered) return;
    mark.isUnderWay = true;
    try {
      await this.connection.request(kind === 'read' ? 'messageRead' : 'messageDelivered', { roomId, messageId });
      mark.known = Math.max(mark.known, messageId);
      this.failures = 0;
      if (mark.wanted > messageId) this.schedule(collectMs);
    } catch (thrown) {
      this.refused(mark, messageId, ParlanceError.from(thrown, 'INTERNAL'));
    } finally {
      mark.isUnderWay = false;
    }
  }

  /** What is refused for good is not told again; the next higher id is. */
  private refused(mark: MarkToTell, messageId: number, error: ParlanceError): void {
    if (error.code === 'DISCONNECTED') return;
    if (!error.retryable) {
      mark.known = Math.max(mark.known, messageId);
      return this.connection.report(error);
    }
    this.failures += 1;
    const range = { firstMs: 500, capMs: 20_000 };
    this.schedule(retryDelay(error.retryAfterMs ?? collectMs, this.failures, range, this.internals.random));
  }

  private room(roomId: string): RoomReceipts {
    const known = this.rooms.get(roomId);
    if (known) return known;
    const fresh = { delivered: newMark(), read: newMark() };
    this.rooms.set(roomId, fresh);
    return fresh;
  }
}

type Kind = 'delivered' | 'read';
type RoomReceipts = Record<Kind, MarkToTell>;

interface MarkToTell {
  /** What the server should have. */
  wanted: number;
  /** What the server has. */
  known: number;
  isUnderWay: boolean;
}

function newMark(): MarkToTell {
  return { wanted: 0, known: 0, isUnderWay: false };
}
