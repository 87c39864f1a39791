import { ParlanceError } from '../parlance-error.js';
import { namesAll } from './state/room-members.js';
import type { RoomState } from './state/room-state.js';

/** Has the rooms that somebody looks at named in full: lists name only some of the participants of a large room. */
export class OpenMembers {
  private readonly asking = new Set<string>();

  constructor(private readonly ports: OpenMembersPorts) {}

  /** Asks for all participants if somebody looks at the room and not all are known. One that fails is asked for again with the next look. */
  look(state: RoomState | undefined): void {
    const { roomId } = state?.room ?? { roomId: '' };
    if (!state || namesAll(state.room) || this.asking.has(roomId) || !this.ports.isOpen(roomId)) return;
    this.asking.add(roomId);
    void this.ask(roomId);
  }

  /** Never rejects. */
  private async ask(roomId: string): Promise<void> {
    try {
      await this.ports.ask(roomId);
    } catch (thrown) {
      const error = ParlanceError.from(thrown, 'INTERNAL');
      if (error.code !== 'DISCONNECTED') this.ports.failed(error);
    } finally {
      this.asking.delete(roomId);
    }
  }
}

/** What looking after members works with. */
export interface OpenMembersPorts {
  isOpen(roomId: string): boolean;
  /** Has a room described in full. */
  ask(roomId: string): Promise<unknown>;
  failed(error: ParlanceError): void;
}
