import { ParlanceError } from '../parlance-error.js';
import { namesAll } from './state/room-members.js';
import type { RoomState } from './state/room-state.js';

/** Has the rooms that somebody looks at named in full: lists name only some of the participants of a large room. */
export class OpenMembers {
  private readonly asking = new Set<string>();

  constructor(
    private readonly isOpen: (roomId: string) => boolean,
    /** Has a room described in full. */
    private readonly describe: (roomId: string) => Promise<unknown>,
    private readonly failed: (error: ParlanceError) => void,
  ) {}

  /** Asks for all participants if somebody looks at the room and not all are known. One that fails is asked for again with the next look. */
  look(state: RoomState | undefined): void {
    const { roomId } = state?.room ?? { roomId: '' };
    if (!state || namesAll(state.room) || this.asking.has(roomId) || !this.isOpen(roomId)) return;
    this.asking.add(roomId);
    void this.ask(roomId);
  }

  /** Never rejects. */
  private async ask(roomId: string): Promise<void> {
    try {
      await this.describe(roomId);
    } catch (thrown) {
      const error = ParlanceError.from(thrown, 'INTERNAL');
      if (error.code !== 'DISCONNECTED') this.failed(error);
    } finally {
      this.asking.delete(roomId);
    }
  }
}
