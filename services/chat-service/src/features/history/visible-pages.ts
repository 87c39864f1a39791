import type { RoomId, WireMessage } from '@parlance/proto';
import type { CallContext } from '../../requests/call-context.js';
import type { MarkReader } from '../receipts/mark-reader.js';
import { deriveReceipts } from '../receipts/message-status.js';
import type { Place } from '../rooms/mongo-participant-store.js';
import type { RoomCache, RoomView } from '../rooms/room-cache.js';
import type { HistoryPage, HistoryReader, HistoryRequest } from './history-reader.js';

/** A page as somebody sees it. */
export interface VisiblePage {
  readonly page: HistoryPage;
  /** First id that they may see. */
  readonly floor: number;
  readonly view: RoomView;
}

/** Pages of history as a participant may see them: from the first visible message on, with receipts. */
export class VisiblePages {
  constructor(
    private readonly roomCache: Pick<RoomCache, 'requireParticipant'>,
    private readonly history: HistoryReader,
    private readonly marks: Pick<MarkReader, 'ofRoom'>,
  ) {}

  /** @throws ROOM_NOT_FOUND, NOT_A_PARTICIPANT, and as `HistoryReader.page`. */
  async read(
    roomId: RoomId,
    { userId, deadlineAt }: CallContext,
    wanted: Pick<HistoryRequest, 'position' | 'limit' | 'bytes' | 'atLeastOne'>,
  ): Promise<VisiblePage> {
    const { view, participant } = await this.roomCache.requireParticipant(roomId, userId);
    const floor = Math.max(participant.firstVisibleId, view.room.floor);
    const finish = (messages: readonly WireMessage[]) => this.withReceipts(view, messages);
    const page = await this.history.page(view.room, { ...wanted, floor, deadlineAt, finish });
    return { page, floor, view };
  }

  /** The place of a participant, with the marks that receipts of the room were derived from a moment ago. */
  async marksOf(roomId: RoomId, userId: string): Promise<Place | undefined> {
    return (await this.marks.ofRoom(roomId)).find((place) => place.userId === userId);
  }

  private async withReceipts(
    { room, participants }: RoomView,
    messages: readonly WireMessage[],
  ): Promise<readonly WireMessage[]> {
    const places = await this.marks.ofRoom(room.roomId as RoomId);
    const marks = places.filter((place) => participants.has(place.userId));
    return messages.map((message): WireMessage => ({ ...message, ...deriveReceipts(message, marks) }));
  }
}
