import type { Requester } from '../connection/connection.js';
import type { RoomStore } from './room-store.js';

/** Pages back in a room, one page at a time. */
export class OlderPages {
  private readonly underWay = new Map<string, Promise<boolean>>();

  constructor(
    private readonly store: RoomStore,
    private readonly connection: Requester,
  ) {}

  /** Puts the page below the first message in front; resolves whether there is more. Rejects with a ParlanceError. */
  load(roomId: string, limit: number | undefined): Promise<boolean> {
    const known = this.underWay.get(roomId);
    if (known) return known;
    const work = this.loadPage(roomId, limit).finally(() => this.underWay.delete(roomId));
    this.underWay.set(roomId, work);
    return work;
  }

  private async loadPage(roomId: string, limit: number | undefined): Promise<boolean> {
    const state = this.store.state(roomId);
    if (!state?.hasOlder) return false;
    this.store.apply(roomId, { kind: 'pagedBack', isPagedBack: true });
    const beforeId = state.messages[0]?.messageId ?? state.cursor + 1;
    const page = await this.connection.request('getHistory', { roomId, beforeId, ...(limit ? { limit } : {}) });
    const hasMore = page.hasMore ?? false;
    // Of the log before, perhaps: it has begun a new epoch meanwhile.
    if (this.store.state(roomId)?.room.epoch !== state.room.epoch) return this.store.state(roomId)?.hasOlder ?? false;
    this.store.apply(roomId, { kind: 'older', messages: page.data, hasMore });
    return this.store.state(roomId)?.hasOlder ?? false;
  }
}
