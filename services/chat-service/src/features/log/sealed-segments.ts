import { type MonthYear, retryWindowMs } from '@parlance/storage';
import type { ClientKey, StoredSlot } from '../slots/message-store.js';
import type { MongoMessageStore } from '../slots/mongo-message-store.js';

/** Newest slots of a segment whose client ids are remembered: fifty messages an hour for eight days. */
const rememberedSlots = 10_000;

/** What is known of a segment is forgotten when nobody asked for this long. */
const idleMs = 5 * 60_000;

/**
 * The messages of sealed segments by client id (R5: a client id makes a retry safe), for retries that come when their
 * room is in the next month already.
 *
 * A segment is final once its seal has a majority: every slot below holds a record by then, so an insert that lands
 * late meets a taken one (R2: the log is the counter; R3: no answer is no failure). A query that gives the newest slot
 * first, and gives the seal, has therefore seen all there will ever be: what it reads after the seal is at least as
 * new, whichever primary answers. So which client ids a segment holds is read once a room and pod, at majority, and
 * "none" holds for good. Only an id that seems to be there, one in four billion by mistake, is looked up, and every id
 * of a room that said more than is remembered in the days that count, by a linearizable read as before: such a "none"
 * would else be that of a deposed primary. A linearizable read writes a no-op and waits for its majority: 11.5 ms of
 * CPU on a cluster, where a plain one takes 1.9 (MongoDB 6.0.5).
 */
export class SealedSegments {
  private readonly known = new Map<string, { readonly month: MonthYear; readonly ids: SealedIds; usedAt: number }>();

  constructor(
    private readonly store: Pick<MongoMessageStore, 'readNewest' | 'findByClientKeys'>,
    private readonly now: () => number,
  ) {}

  /**
   * The messages behind client ids in a segment that the room's chain has left behind.
   * @throws STORE_UNAVAILABLE.
   */
  async find(roomId: string, month: MonthYear, keys: readonly ClientKey[]): Promise<StoredSlot[]> {
    const ids = await this.idsOf(roomId, month);
    const asked = keys.filter((key) => ids.mayHold(key));
    return asked.length === 0 ? [] : this.store.findByClientKeys(month, roomId, asked, 'linearizable');
  }

  /** What is known of a room does not hold any more, as behind a restored backup. */
  forget(roomId: string): void {
    this.known.delete(roomId);
  }

  /** Forgets what nobody asks for. Call it now and then. */
  forgetIdle(): void {
    const before = this.now() - idleMs;
    for (const [roomId, { usedAt }] of this.known) if (usedAt < before) this.known.delete(roomId);
  }

  private async idsOf(roomId: string, month: MonthYear): Promise<SealedIds> {
    const usedAt = this.now();
    const known = this.known.get(roomId);
    if (known?.month === month) {
      known.usedAt = usedAt;
      return known.ids;
    }
    const newest = await this.store.readNewest(month, roomId, rememberedSlots);
    const ids = new SealedIds(newest, newest.length < rememberedSlots, usedAt - retryWindowMs);
    this.known.set(roomId, { month, ids, usedAt });
    return ids;
  }
}

/** Which client ids a segment may hold, by its newest slots. */
export class SealedIds {
  private readonly hashes: ReadonlySet<number>;
  private readonly decides: boolean;

  /** `isWhole`: there are no older slots. Else the oldest given must be from before `since`, Unix milliseconds. */
  constructor(
    newestFirst: readonly Pick<StoredSlot, 'kind' | 'senderId' | 'clientMessageId' | 'timestamp'>[],
    isWhole: boolean,
    since: number,
  ) {
    const isEnough = isWhole || (newestFirst.at(-1)?.timestamp ?? since) < since;
    this.decides = isEnough && newestFirst[0]?.kind === 'seal';
    this.hashes = new Set(this.decides ? newestFirst.map(hashOf) : []);
  }

  /** False when the message is certainly not there. */
  mayHold(key: ClientKey): boolean {
    return !this.decides || this.hashes.has(hashOf(key));
  }
}

/** FNV-1a of 32 bits over the UTF-16 units of a key. */
function hashOf({ senderId, clientMessageId }: ClientKey): number {
  const text = `${senderId}\n${clientMessageId}`;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
