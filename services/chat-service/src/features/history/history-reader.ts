import { answerBytes, ChatError, limits, type WireMessage } from '@parlance/proto';
import type { StoredRoom } from '../rooms/mongo-room-store.js';
import { withErasure } from '../slots/erasure-overlay.js';
import type { LogReader } from '../slots/log-reader.js';
import { toWireMessage } from '../slots/message.mapper.js';
import type { IdRange } from '../slots/message-store.js';
import { type HistoryPosition, hasMore, pageExtent } from './history-position.js';
import type { MessageCache } from './message-cache.js';

/** Messages that are read before their size is known: at most 32 x 24 KiB. */
const firstStep = 32;

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
    private readonly cache: MessageCache,
  ) {}

  /**
   * Reads one page.
   * @throws DEADLINE_EXCEEDED; ARCHIVE_UNAVAILABLE; STORE_UNAVAILABLE, also when a hole is found that a second look
   * does not close.
   */
  async page(room: StoredRoom, request: HistoryRequest): Promise<HistoryPage> {
    try {
      return await this.pageOf(room, request);
    } catch (error) {
      if (!(error instanceof ChatError && error.reason === 'STORE_UNAVAILABLE')) throw error;
      return this.pageOf(room, request);
    }
  }

  private async pageOf(known: StoredRoom, request: HistoryRequest): Promise<HistoryPage> {
    const { position, limit, floor, deadlineAt } = request;
    const { room, head } = await this.log.head(known, deadlineAt);
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
    let [{ from, to }, left, count] = [range, bytes, firstStep];
    while (from <= to) {
      const nearest = (size: number): IdRange =>
        anchor === 'first' ? { from, to: Math.min(to, from + size - 1) } : { from: Math.max(from, to - size + 1), to };
      const part = nearest(count);
      const ahead = nearest(Math.max(count, aheadStep));
      const messages = await finish(await this.read(room, part, ahead, deadlineAt));
      for (const message of anchor === 'first' ? messages : messages.toReversed()) {
        left -= answerBytes.ofMessage(message);
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
    const messages =
      (await this.cache.range(room, range)) ??
      (await this.log.range(room, range, deadlineAt, ahead)).map((slot) => toWireMessage(slot));
    return messages.map((message) => withErasure(message, room));
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
