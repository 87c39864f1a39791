import { answerBytes, type wire } from '@parlance/proto';
import { messageBytes } from './message-bytes.js';

/** With less than this it is not worth reading another room. Above what the errors of rooms that are read together take. */
const smallBytes = 16 * 1024;

/**
 * The bytes of one answer to `resume`, shared out to its rooms in their order. Every room has its frame, whatever is in it;
 * the rest goes to messages and events, as they come. Once a room was cut it is full.
 */
export class ResumePlace {
  private left: number = answerBytes.ofPage;
  private _isFull = false;
  private _isEmpty = true;

  /** @param rooms all that will be fitted, or left out with `hasMore`. */
  constructor(rooms: readonly Pick<wire.RoomCursor, 'roomId'>[]) {
    for (const { roomId } of rooms) this.left -= answerBytes.ofResumedRoom({ roomId, error: undefined });
  }

  /** What is left, in bytes. */
  get bytes(): number {
    return this.left;
  }

  /** No message and no event was fitted yet: the first one will be, whatever its size. */
  get isEmpty(): boolean {
    return this._isEmpty;
  }

  /** Something did not fit, or next to nothing will. */
  get isFull(): boolean {
    return this._isFull;
  }

  /** The room as far as it fits; `rev` is its cursor's. Events come first: they are small, and tell whose the messages are. */
  fit(room: wire.ResumedRoom, rev: number): wire.ResumedRoom {
    if (room.error)
      this.left -= answerBytes.ofResumedRoom(room) - answerBytes.ofResumedRoom({ ...room, error: undefined });
    const events = this.take(room.events, answerBytes.ofRoomEvent);
    const messages = this.take(room.messages, messageBytes);
    this._isFull ||= this.left < smallBytes;
    if (events.length === room.events.length && messages.length === room.messages.length) return room;
    this._isFull = true;
    return { ...room, events, messages, rev: events.at(-1)?.rev ?? rev, hasMore: true };
  }

  private take<Item>(items: readonly Item[], bytesOf: (item: Item) => number): Item[] {
    const end = items.findIndex((item) => {
      const bytes = bytesOf(item);
      if (bytes > this.left && !this._isEmpty) return true;
      this.left -= bytes;
      this._isEmpty = false;
      return false;
    });
    return end < 0 ? [...items] : items.slice(0, end);
  }
}
