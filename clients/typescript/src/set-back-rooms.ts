import type { ChatMessage } from '@parlance/proto';
import type { Requester } from './connection.js';
import { ParlanceError } from './parlance-error.js';
import type { RoomState } from './room-state.js';
import type { RoomStore } from './room-store.js';

/** Loads rooms anew whose log at the server has gone back below what was shown here, as after a restored backup. */
export class SetBackRooms {
  readonly #loading = new Set<string>();

  constructor(
    private readonly store: RoomStore,
    private readonly connection: Requester,
    private readonly ports: SetBackRoomsPorts,
  ) {}

  /** Loads a room anew; one at a time of each. What fails is found again by what comes of the room next. Never rejects. */
  async reload(roomId: string): Promise<void> {
    if (this.#loading.has(roomId) || !this.store.state(roomId)) return;
    this.#loading.add(roomId);
    try {
      // To a participant this answers the room as it stands now.
      const { data } = await this.connection.request('joinRoom', { roomId });
      this.ports.forget(roomId, data.head);
      this.store.restart(data);
      this.ports.restarted(roomId);
    } catch (thrown) {
      const error = ParlanceError.from(thrown, 'INTERNAL');
      if (error.code !== 'DISCONNECTED') this.ports.failed(error);
    } finally {
      this.#loading.delete(roomId);
    }
  }
}

/** Whom it tells. */
export interface SetBackRoomsPorts {
  /** Nothing that was known of the room above `head` holds any more. */
  forget(roomId: string, head: number): void;
  /** The room was begun anew. */
  restarted(roomId: string): void;
  failed(error: ParlanceError): void;
}

/** A message with the place of another one that is shown: one log cannot have both. */
export function contradicts({ messages }: RoomState, message: ChatMessage): boolean {
  const shown = messages[message.messageId - (messages[0]?.messageId ?? 0)];
  if (shown?.messageId !== message.messageId) return false;
  return shown.senderId !== message.senderId || shown.clientMessageId !== message.clientMessageId;
}
