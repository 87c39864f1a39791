import type { ChatDatabase } from '../database/chat-database.js';
import { commandTimeout } from '../database/command-options.js';
import type { SlotDocument } from '../documents/message-document.js';
import type { MonthYear } from '../documents/month.js';
import { type InsertOutcome, outcomesOfError, outcomesOfReply } from './insert-outcome.js';

/** How an insert command is sent. */
export interface InsertOptions {
  /** `true` for several slots of one room, so that none lands behind a refused one; `false` for at most one a room. */
  readonly ordered: boolean;
  /** How long it may take on the server, and how long a majority may take, each in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * One insert command for slots of one month, acknowledged by a majority (R2: the log is the counter). Never throws:
 * each document has its outcome. The command is sent bare, without the driver's retry: whoever writes slots retries by
 * the rules of the log, which know what a lost answer means (R3: no answer is no failure; R4: a taken slot is read at
 * majority).
 */
export async function insertSlots(
  database: ChatDatabase,
  month: MonthYear,
  slots: readonly SlotDocument[],
  { ordered, timeoutMs }: InsertOptions,
): Promise<InsertOutcome[]> {
  try {
    const command = {
      insert: database.messages(month).collectionName,
      documents: slots,
      ordered,
      writeConcern: { w: 'majority', wtimeout: timeoutMs },
      maxTimeMS: timeoutMs,
    };
    const reply = await database.db.command(command, commandTimeout(timeoutMs));
    return outcomesOfReply(reply, slots.length, ordered);
  } catch (thrown) {
    return outcomesOfError(thrown, slots.length, ordered);
  }
}
