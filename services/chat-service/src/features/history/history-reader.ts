import { ChatError, limits, type RoomId, type WireMessage } from '@parlance/proto';
import type { LogEnd } from '../rooms/log-end.js';
import type { StoredRoom } from '../rooms/stored-room.js';
import { withErasure } from '../slots/erasure-overlay.js';
import type { LogReader } from '../slots/log-reader.js';
import type { IdRange } from '../slots/message-store.js';
import type { RecentEnds } from '../slots/recent-ends.js';
import { type HistoryPosition, hasMore, pageExtent } from './history-position.js';
import { messageBytes } from './message-bytes.js';
import type { SharedMessages } from './shared-messages.js';

/** Messages that are read before their size is known: at most 32 x 24 KiB. */
const firstStep = 32;

/** Where the size of a room's messages is known, so many times as large is allowed for. */
const sizeMargin = 4;

/** Messages of a page that an archive reads at once: those of a page of the usual size. */
const aheadStep = limits.defaultPageItems;

/** What is asked for. `fromTime` (Unix milliseconds) is the first message at or after that time. */
export interface HistoryRequest {
  readonly position: HistoryPosition | { readonly kind: 'from'; readonly time: number };
  /** 1 to 200. */
  readonly limit: number;
  /** First id the caller may see (R13: only participants, two seconds late at most). */
  readonly floor: number;
  /** When the caller gives up, Unix milliseconds. */
  readonly deadlineAt: number;
  /** Bytes of JSON that the messages may take (`answerBytes.ofMessage`); the page ends early by it. */
  readonly bytes: number;
  /** One message is in the page even if it is larger than that. */
  readonly atLeastOne: boolean;
  /** Makes of some messages of the log what is answered. */
  finish(messages: readonly WireMessage[]): Promise<readonly WireMessage[]>;
}

/** A page: ascending, without holes inside or at its edges (R8: pages have no holes). */
export interface HistoryPage {
  readonly messages: readonly WireMessage[];
  readonly hasMore: boolean;
  readonly truncated: boolean;
  /** Newest id of the room. */
  readonly head: number;
}

/**
 * Pages of a room's history by message id (R8: pages have no holes). The head is read first; the page's ids follow from
 * it, and the page is answered only with exactly those ids: from the cache when it has all of them, else from the log.
 */
export class HistoryReader {
  constructor(
    private readonly log: LogReader,
    private readonly recent: Pick<RecentEnds, 'atLeast'>,
    private readonly messages: SharedMessages,
  ) {}

  /** Where rooms end now, by room id, for {@link page}; those that do not exist are missing. @throws As `LogReader.ends`. */
  ends(roomIds: readonly RoomId[], deadlineAt: number): Promise<ReadonlyMap<string, LogEnd>> {
    return this.log.ends(roomIds, { deadlineAt });
  }

  /** Where a room ends, for {@link page}: now, or for those who have `seen` so much of it a moment ago. */
  async end(room: StoredRoom, deadlineAt: number, seen: number | undefined): Promise<LogEnd> {
    const read = () =>
      seen === undefined ? this.log.head(room, deadlineAt) : this.recent.atLeast(seen, room, deadlineAt);
    return read().catch((error: unknown) => {
      if (!isPassing(error)) throw error;
      return read();
    });
  }

  /**
   * Reads one page of a log that ends so.
   * @throws DEADLINE_EXCEEDED; ARCHIVE_UNAVAILABLE; STORE_UNAVAILABLE, also when a hole is found that a second look
   * does not close.
   */
  async page(end: LogEnd, request: HistoryRequest): Promise<HistoryPage> {
    try {
      return await this.pageOf(end, request);
    } catch (error) {
      if (!isPassing(error)) throw error;
      return this.pageOf(await this.log.head(end.room, request.deadlineAt), request);
    }
  }

  /** Forgets what was read a while ago. Call it now and then. */
  forgetOld(): void {
    this.messages.forgetOld();
  }

  private async pageOf({ room, head }: LogEnd, request: HistoryRequest): Promise<HistoryPage> {
    const { position, limit, floor, deadlineAt } = request;
    const place: HistoryPosition =
      position.kind === 'from'
        ? { kind: 'after', id: (await this.firstAt(room, position.time, { floor, head, deadlineAt })) - 1 }
        : position;
    const { range, anchor, truncated } = pageExtent(place, limit, floor, head);
    if (!range) return { messages: [], hasMore: false, truncated, head };
    const messages = await this.fill(room, range, anchor, request);
    const page = { from: messages[0]?.messageId ?? range.from, to: messages.at(-1)?.messageId ?? range.to };
    return { messages, hasMore: messages.length === 0 || hasMore(anchor, page, floor, head), truncated, head };
  }

  /**
   * Reads a range from its anchor on until it ends or the bytes are used up. A few messages at first, then as many as fit by
   * the size of those: what is not answered is not read, or the largest messages would fill the memory.
   */
  private async fill(
    room: StoredRoom,
    range: IdRange,
    anchor: 'first' | 'last',
    { bytes, atLeastOne, deadlineAt, finish }: HistoryRequest,
  ): Promise<readonly WireMessage[]> {
    const kept: WireMessage[] = [];
    const inOrder = (): readonly WireMessage[] => (anchor === 'first' ? kept : kept.toReversed());
    let [{ from, to }, left, count] = [range, bytes, this.firstStep(room, bytes)];
    while (from <= to) {
      const nearest = (size: number): IdRange =>
        anchor === 'first' ? { from, to: Math.min(to, from + size - 1) } : { from: Math.max(from, to - size + 1), to };
      const part = nearest(count);
      const ahead = nearest(Math.max(count, aheadStep));
      const messages = await finish(await this.read(room, part, ahead, deadlineAt));
      for (const message of anchor === 'first' ? messages : messages.toReversed()) {
        left -= messageBytes(message);
        if (left < 0 && !(atLeastOne && kept.length === 0)) return inOrder();
        kept.push(message);
      }
      if (anchor === 'first') from = part.to + 1;
      else to = part.from - 1;
      count = Math.max(1, Math.ceil((left * kept.length) / (bytes - left)));
    }
    return inOrder();
  }

  private async read(
    room: StoredRoom,
    range: IdRange,
    ahead: IdRange,
    deadlineAt: number,
  ): Promise<readonly WireMessage[]> {
    const messages = await this.messages.range(room, range, ahead, deadlineAt);
    return messages.map((message) => withErasure(message, room));
  }

  private firstStep(room: StoredRoom, bytes: number): number {
    const usual = this.messages.usualCharacters(room);
    return usual === undefined ? firstStep : Math.max(firstStep, Math.floor(bytes / (usual * sizeMargin)));
  }

  /** First id at or after a time, `head + 1` when there is none. Timestamps never fall, so halving finds it. */
  private async firstAt(
    room: StoredRoom,
    time: number,
    { floor, head, deadlineAt }: { readonly floor: number; readonly head: number; readonly deadlineAt: number },
  ): Promise<number> {
    let low = floor;
    let high = head + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const slot = await this.log.slot(room, middle, deadlineAt);
      if (!slot) throw new ChatError('STORE_UNAVAILABLE');
      if (slot.timestamp >= time) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof ChatError && error.reason === 'STORE_UNAVAILABLE';
}
