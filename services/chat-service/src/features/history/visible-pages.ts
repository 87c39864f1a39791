import { ChatError, type RoomId, type UserId, type WireMessage } from '@parlance/proto';
import type { ChatMetrics } from '../../metrics.js';
import type { MarkReader } from '../receipts/mark-reader.js';
import type { LogEnd } from '../rooms/log-end.js';
import type { Place } from '../rooms/mongo-participant-store.js';
import type { RoomCache, RoomView } from '../rooms/room-cache.js';
import { DerivedMessages } from './derived-messages.js';
import type { HistoryPage, HistoryReader, HistoryRequest } from './history-reader.js';

/** A room as one of its participants sees it. */
export interface VisibleRoom {
  readonly userId: UserId;
  readonly view: RoomView;
  /** Their own marks, as receipts of the room are derived from them. */
  readonly own: Place | undefined;
}

/** Pages of history as a participant may see them: from the first visible message on, with receipts. */
export class VisiblePages {
  private readonly derived = new DerivedMessages();

  constructor(
    private readonly roomCache: Pick<RoomCache, 'requireParticipant'>,
    private readonly history: HistoryReader,
    private readonly marks: Pick<MarkReader, 'ofRoom'>,
    private readonly metrics: Pick<ChatMetrics, 'answersCut'>,
  ) {}

  /** What does not take long and is needed of a room for its pages. @throws ROOM_NOT_FOUND, NOT_A_PARTICIPANT. */
  async room(roomId: RoomId, userId: UserId): Promise<VisibleRoom> {
    const { view } = await this.roomCache.requireParticipant(roomId, userId);
    const own = (await this.marks.ofRoom(roomId)).find((place) => place.userId === userId);
    return { userId, view, own };
  }

  /** Where rooms end now, by room id; those that do not exist are missing. @throws STORE_UNAVAILABLE. */
  ends(roomIds: readonly RoomId[], deadlineAt: number): Promise<ReadonlyMap<string, LogEnd>> {
    return this.history.ends(roomIds, deadlineAt);
  }

  /** Where a room ends: now, or for those who have `seen` so much of it a moment ago. @throws As `LogReader.head`. */
  end({ view }: VisibleRoom, deadlineAt: number, seen: number | undefined): Promise<LogEnd> {
    return this.history.end(view.room, deadlineAt, seen);
  }

  /**
   * A page of a room's log that ends so, with the first id that they may see. Where the call had to wait for its turn, who is in
   * the room is looked at again (R13: only participants, two seconds late at most).
   * @throws NOT_A_PARTICIPANT, ROOM_NOT_FOUND; STORE_UNAVAILABLE when the end is of another log than the room by now; as
   * `HistoryReader.page`.
   */
  async read(
    { userId, view: { room } }: VisibleRoom,
    end: LogEnd,
    wanted: Pick<HistoryRequest, 'position' | 'limit' | 'bytes' | 'atLeastOne' | 'deadlineAt'>,
  ): Promise<{ readonly page: HistoryPage; readonly floor: number }> {
    const { view, participant } = await this.roomCache.requireParticipant(room.roomId as RoomId, userId);
    if (end.room.epoch !== view.room.epoch) throw new ChatError('STORE_UNAVAILABLE');
    const floor = Math.max(participant.firstVisibleId, end.room.floor, view.room.floor);
    const finish = (messages: readonly WireMessage[]) => this.withReceipts(view, messages);
    const page = await this.history.page(end, { ...wanted, floor, finish });
    if (page.hasMore && page.messages.length < wanted.limit) this.metrics.answersCut.inc({ answer: 'messages' });
    return { page, floor };
  }

  private async withReceipts(
    { room, participants }: RoomView,
    messages: readonly WireMessage[],
  ): Promise<readonly WireMessage[]> {
    const places = await this.marks.ofRoom(room.roomId as RoomId);
    return this.derived.of(messages, places, participants);
  }
}
