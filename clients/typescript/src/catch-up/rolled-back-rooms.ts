import type { ChatMessage } from '@parlance/proto';
import type { Requester } from '../connection/connection.js';
import { ParlanceError } from '../parlance-error.js';
import type { RoomStore } from '../rooms/room-store.js';
import { isOutdated, type RoomState } from '../rooms/state/room-state.js';
import { isSame, lostMessages } from './lost-messages.js';

const pageItems = 200;

/** Loads rooms anew whose log at the server is another one than what was shown here, as after a restored backup. */
export class RolledBackRooms {
  private readonly loading = new Set<string>();

  constructor(
    private readonly store: RoomStore,
    private readonly connection: Requester,
    /** Nothing that was known of the room's log holds any more. */
    private readonly forget: (roomId: string) => void,
    /** The room was begun anew; these own messages that were shown are not in its log. */
    private readonly restarted: (roomId: string, lost: readonly ChatMessage[]) => void,
  ) {}

  /**
   * Loads a room anew, from an answer of this epoch or a later one; one at a time of each. What fails is found again by what
   * comes of the room next, and a room that is known to be outdated is asked for until it is not. Never rejects.
   */
  async reload(roomId: string, epoch = 0): Promise<void> {
    const state = this.store.state(roomId);
    if (this.loading.has(roomId) || !state) return;
    this.loading.add(roomId);
    try {
      // To a participant this answers the room as it stands now.
      const { data } = await this.connection.request('joinRoom', { roomId });
      if (data.epoch < epoch) return;
      const own = state.messages.filter(({ senderId }) => senderId === state.me);
      const lost = await lostMessages(own, data.head, async (beforeId) => {
        const page = await this.connection.request('getHistory', { roomId, beforeId, limit: pageItems });
        return page.data;
      });
      this.forget(roomId);
      this.store.restart(data);
      this.restarted(roomId, lost);
    } catch (thrown) {
      this.failed(roomId, ParlanceError.from(thrown, 'INTERNAL'));
    } finally {
      this.loading.delete(roomId);
    }
  }

  private failed(roomId: string, error: ParlanceError): void {
    if (error.code === 'ROOM_NOT_FOUND' || error.code === 'NOT_A_PARTICIPANT') this.store.drop(roomId);
    else if (error.code !== 'DISCONNECTED') this.connection.report(error);
  }
}

/** A message with the place of another one that is shown: one log cannot have both. */
export function contradicts(state: RoomState, message: ChatMessage): boolean {
  const { messages } = state;
  const shown = messages[message.messageId - (messages[0]?.messageId ?? 0)];
  if (shown?.messageId !== message.messageId || isOutdated(state)) return false;
  return !isSame(shown, message);
}
