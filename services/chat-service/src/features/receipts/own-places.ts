import type { RoomId, UserId } from '@parlance/proto';
import type { MongoParticipantStore, Place, Row } from '../rooms/mongo-participant-store.js';
import type { ReceiptBook } from './receipt-book.js';

/**
 * Places as their own users see them: what a user has sent or reported through this pod counts before it is stored, so an
 * own message is never unread. For others a mark counts when it is stored.
 */
export class OwnPlaces {
  constructor(
    private readonly participants: Pick<MongoParticipantStore, 'inRoom' | 'find' | 'ofUser'>,
    private readonly book: Pick<ReceiptBook, 'ahead'>,
  ) {}

  /** As of the store. */
  async inRoom(roomId: RoomId): Promise<Row[]> {
    return (await this.participants.inRoom(roomId)).map((place) => this.book.ahead(place));
  }

  /** The rows of a room as one of its participants sees them: of the others what is stored. */
  async seenBy(roomId: RoomId, userId: UserId): Promise<Row[]> {
    return (await this.participants.inRoom(roomId)).map((place) =>
      place.userId === userId ? this.book.ahead(place) : place,
    );
  }

  /** As of the store. */
  async find(roomId: RoomId, userId: UserId): Promise<Place | undefined> {
    const place = await this.participants.find(roomId, userId);
    return place && this.book.ahead(place);
  }

  /** As of the store. */
  async ofUser(userId: UserId): Promise<Place[]> {
    return (await this.participants.ofUser(userId)).map((place) => this.book.ahead(place));
  }
}
