import { limits, type RoomId } from '@parlance/proto';
import type { EventPublisher } from '../../events/event-publisher.js';
import type { OfflinePointers } from '../offline/offline-pointers.js';
import type { Marks } from '../rooms/marks.js';
import type { RoomCache } from '../rooms/room-cache.js';

/** Tells of marks that were stored: the users concerned, and the pointers of those who were away. */
export class ReceiptAnnouncer {
  constructor(
    private readonly roomCache: Pick<RoomCache, 'fresh'>,
    private readonly publisher: Pick<EventPublisher, 'receipt'>,
    private readonly offline: Pick<OfflinePointers, 'reported'>,
  ) {}

  /** A user's marks have risen, `reported` or only `sent`, which everybody sees by the message itself. */
  raised(mark: Marks, before: Marks, how: 'reported' | 'sent'): void {
    this.offline.reported(mark, before);
    if (how === 'sent') return;
    const participants = this.roomCache.fresh(mark.roomId as RoomId)?.participants.size ?? 0;
    const only = participants > limits.namedReaders;
    if (mark.read > Math.max(0, before.read)) this.publisher.receipt('read', mark, mark.read, only);
    if (mark.delivered > Math.max(mark.read, before.delivered))
      this.publisher.receipt('delivered', mark, mark.delivered, only);
  }
}
