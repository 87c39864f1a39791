import { limits, type ParticipantReceipt, type RoomId } from '@parlance/proto';
import type { EventPublisher } from '../../events/event-publisher.js';
import type { OfflinePointers } from '../offline/offline-pointers.js';
import type { RoomCache } from '../rooms/room-cache.js';
import type { RaisedMarks } from './receipt-book.js';

/** Tells of marks that were stored: the users concerned, and the pointers of those who were away. */
export class ReceiptAnnouncer {
  constructor(
    private readonly roomCache: Pick<RoomCache, 'fresh'>,
    private readonly publisher: Pick<EventPublisher, 'receipts'>,
    private readonly offline: Pick<OfflinePointers, 'reported'>,
  ) {}

  /**
   * Marks have risen by one write. Those of a room that were reported are one event, however many participants they are
   * of; in a room of many, where each hears of the own ones only, one for each of them.
   */
  raised(all: readonly RaisedMarks[]): void {
    for (const { marks, before } of all) this.offline.reported(marks, before);
    const reported = all.filter(({ how }) => how === 'reported');
    for (const [roomId, ofRoom] of Map.groupBy(reported, ({ marks }) => marks.roomId)) {
      const participants = this.roomCache.fresh(roomId as RoomId)?.participants.size ?? 0;
      const receipts = ofRoom.map(receiptsOf);
      if (participants <= limits.namedReaders) this.publisher.receipts(roomId, receipts.flat(), 'everybody');
      else for (const own of receipts) this.publisher.receipts(roomId, own, 'the reporter');
    }
  }
}

/** What has risen: reading means delivered too, which is not told extra. */
function receiptsOf({ marks: { userId, delivered, read }, before }: RaisedMarks): readonly ParticipantReceipt[] {
  const receipts: ParticipantReceipt[] = [];
  if (read > Math.max(0, before.read)) receipts.push({ userId, status: 'read', messageId: read });
  if (delivered > Math.max(read, before.delivered))
    receipts.push({ userId, status: 'delivered', messageId: delivered });
  return receipts;
}
