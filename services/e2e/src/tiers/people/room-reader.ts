import { limits, type wire } from '@parlance/proto';
import type { Oracle, ReadMessage } from '../oracle/oracle.js';
import { as, type Pod } from './pod.js';
import type { Tally } from './tally.js';
import { untilAnswered } from './until-answered.js';

/** A room with somebody who may read it. */
export interface ReadableRoom {
  readonly roomId: string;
  readonly user: string;
}

/** Which way a room is paged. */
export type Direction = 'forward' | 'backward';

/** Reads whole rooms page by page, as clients do, and has the oracle compare what was read. */
export class RoomReader {
  constructor(
    private readonly oracle: Oracle,
    private readonly tally: Tally,
  ) {}

  /** Answers the messages, or undefined where a page could not be read, which the oracle is told. */
  async read(pod: Pod, room: ReadableRoom, direction: Direction): Promise<readonly ReadMessage[] | undefined> {
    const wanted = { least: this.oracle.leastOf(room.roomId), erased: this.oracle.erased };
    const messages: ReadMessage[] = [];
    for (let cursor: Cursor = direction === 'forward' ? { afterId: 0 } : {}; ; ) {
      const page = await this.page(pod, room, cursor);
      if (!page) return undefined;
      const first = page.messages.at(0)?.messageId;
      const last = page.messages.at(-1)?.messageId;
      if (direction === 'forward') messages.push(...page.messages);
      else messages.unshift(...page.messages);
      if (!page.hasMore) break;
      if (first === undefined || last === undefined) {
        this.oracle.report('gap', `${this.name(room)}, ${direction}: an empty page says that there is more`);
        return undefined;
      }
      cursor = direction === 'forward' ? { afterId: last } : { beforeId: first };
    }
    this.oracle.compare(room.roomId, messages, wanted, direction);
    this.tally.roomsRead += 1;
    this.tally.messagesRead += messages.length;
    return messages;
  }

  private async page(
    pod: Pod,
    room: ReadableRoom,
    cursor: Cursor,
  ): Promise<wire.GetMessageHistoryResponse | undefined> {
    const { roomId, user } = room;
    const request = { roomId, limit: limits.pageItems, ...cursor };
    const outcome = await untilAnswered(() => pod.operations.getMessageHistory(as(user), request));
    if (outcome.kind !== 'answered') {
      const where = `${this.name(room)} from ${JSON.stringify(cursor)}`;
      this.oracle.report(outcome.kind, `${where}: ${outcome.text}`);
      return undefined;
    }
    this.tally.repeated(outcome);
    const { answer } = outcome;
    if (answer.truncated) this.oracle.report('gap', `${this.name(room)}: a page is cut below`);
    return answer;
  }

  private name({ roomId }: ReadableRoom): string {
    return this.oracle.rooms.get(roomId)?.name ?? roomId;
  }
}

type Cursor = { readonly afterId?: number; readonly beforeId?: number };
