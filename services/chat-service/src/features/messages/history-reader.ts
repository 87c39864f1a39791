import { ChatError, limits, type WireMessage } from '@parlance/proto';
import type { StoredRoom } from '../rooms/mongo-room-store.js';
import { type HistoryPosition, hasMore, pageExtent } from './history-position.js';
import type { LogReader } from './log-reader.js';
import { toWireMessage } from './message.mapper.js';
import type { MessageCache } from './message-cache.js';
import type { IdRange } from './message-store.js';

/** What is asked for. `fromTime` (Unix milliseconds) is the first message at or after that time. */
export interface HistoryRequest {
  readonly position: HistoryPosition | { readonly kind: 'from'; readonly time: number };
  /** 1 to 200. */
  readonly limit: number;
  /** First id the caller may see (R13). */
  readonly floor: number;
  /** When the caller gives up, Unix milliseconds. */
  readonly deadlineAt: number;
}

/** A page: ascending, without holes inside or at its edges (R8). */
export interface HistoryPage {
  readonly messages: readonly WireMessage[];
  readonly hasMore: boolean;
  readonly truncated: boolean;
  /** Newest id of the room. */
  readonly head: number;
}

/**
 * Pages of a room's history by message id (R8). The head is read first; the page's ids follow from it, and the page is
 * answered only with exactly those ids: from the cache when it has all of them, else from the log.
 */
export class HistoryReader {
  constructor(
    private readonly log: LogReader,
    private readonly cache: MessageCache,
  ) {}

  /**
   * Reads one page. Errors: DEADLINE_EXCEEDED; STORE_UNAVAILABLE, also when a hole is found that a second look does not
   * close.
   */
  async page(room: StoredRoom, request: HistoryRequest): Promise<HistoryPage> {
    try {
      return await this.#page(room, request);
    } catch (error) {
      if (!(error instanceof ChatError && error.reason === 'STORE_UNAVAILABLE')) throw error;
      return this.#page(room, request);
    }
  }

  async #page(known: StoredRoom, request: HistoryRequest): Promise<HistoryPage> {
    const { position, limit, floor, deadlineAt } = request;
    const { room, head } = await this.log.end(known, deadlineAt);
    const place: HistoryPosition =
      position.kind === 'from'
        ? { kind: 'after', id: (await this.#firstAt(room, position.time, { floor, head, deadlineAt })) - 1 }
        : position;
    const { range, anchor, truncated } = pageExtent(place, limit, floor, head);
    if (!range) return { messages: [], hasMore: false, truncated, head };
    const messages = cutToSize(await this.#read(room, range, deadlineAt), anchor);
    const page = { from: messages[0]?.messageId ?? range.from, to: messages.at(-1)?.messageId ?? range.to };
    return { messages, hasMore: hasMore(anchor, page, floor, head), truncated, head };
  }

  async #read(room: StoredRoom, range: IdRange, deadlineAt: number): Promise<readonly WireMessage[]> {
    return (
      (await this.cache.range(room.roomId, range)) ??
      (await this.log.range(room, range, deadlineAt)).map((slot) => toWireMessage(slot))
    );
  }

  /** First id at or after a time, `head + 1` when there is none. Timestamps never fall, so halving finds it. */
  async #firstAt(
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

/** Ends a page early when its texts pass 256 KiB, keeping at least one message. */
function cutToSize(messages: readonly WireMessage[], anchor: 'first' | 'last'): readonly WireMessage[] {
  const inOrder = anchor === 'first' ? messages : messages.toReversed();
  let bytes = 0;
  const end = inOrder.findIndex(({ content, metadataJson }, index) => {
    bytes += Buffer.byteLength(content) + Buffer.byteLength(metadataJson);
    return index > 0 && bytes > limits.pageBytes;
  });
  const kept = end < 0 ? inOrder : inOrder.slice(0, end);
  return anchor === 'first' ? kept : kept.toReversed();
}
