import { type ChatDatabase, durable, type ParticipantDocument } from '@parlance/storage';
import { type AnyBulkWriteOperation, Long, type UpdateOneModel } from 'mongodb';
import { mapMongoErrors } from '../../errors/mongo-errors.js';
import type { Marks } from '../rooms/marks.js';

/**
 * Watermarks in MongoDB, in the participants' rows (R12: marks only rise). No message document is ever written for a
 * receipt.
 */
export class MongoReceiptStore {
  constructor(private readonly database: ChatDatabase) {}

  /** Raises marks, never lowers one; one write command for all of them, acknowledged by a majority. */
  async raise(marks: readonly Marks[], at: number): Promise<void> {
    await mapMongoErrors(
      () =>
        this.database.participants.bulkWrite(
          marks.flatMap((mark) => raising(mark, at)),
          { ...durable(), ordered: false },
        ),
      'unknown',
    );
  }
}

/**
 * The updates that raise marks: plain ones with the old mark in the filter, since a pipeline that compares is read and
 * planned anew for each. Reading moves the delivered mark too.
 */
function raising({ roomId, userId, delivered, read }: Marks, at: number): AnyBulkWriteOperation<ParticipantDocument>[] {
  const present = { roomId, userId, leftAt: null };
  const [readUpTo, deliveredUpTo] = [Long.fromNumber(read), Long.fromNumber(delivered)];
  const updates: UpdateOneModel<ParticipantDocument>[] = [];
  if (read > 0)
    updates.push({
      filter: { ...present, readUpTo: { $lt: readUpTo } },
      update: { $set: { readUpTo, readAt: new Date(at) }, $max: { deliveredUpTo: readUpTo } },
    });
  if (delivered > read)
    updates.push({
      filter: { ...present, deliveredUpTo: { $lt: deliveredUpTo } },
      update: { $set: { deliveredUpTo } },
    });
  return updates.map((updateOne) => ({ updateOne }));
}
