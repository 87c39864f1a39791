import { type ChatDatabase, durable } from '@parlance/storage';
import { Long } from 'mongodb';
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
          marks.map(({ roomId, userId, delivered, read }) => ({
            updateOne: {
              filter: { roomId, userId, leftAt: null },
              update: [
                {
                  $set: {
                    readAt: { $cond: [{ $lt: ['$readUpTo', Long.fromNumber(read)] }, new Date(at), '$readAt'] },
                    readUpTo: { $max: ['$readUpTo', Long.fromNumber(read)] },
                    deliveredUpTo: { $max: ['$deliveredUpTo', Long.fromNumber(Math.max(delivered, read))] },
                  },
                },
              ],
            },
          })),
          { ...durable(), ordered: false },
        ),
      'unknown',
    );
  }
}
