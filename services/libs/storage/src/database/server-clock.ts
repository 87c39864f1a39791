import type { ChatDatabase } from './chat-database.js';
import { commandTimeout } from './command-options.js';

/**
 * MongoDB's own clock, Unix milliseconds: the primary's, or the router's of a sharded cluster (R6: a month ends with
 * its seal).
 */
export async function readServerClock(database: ChatDatabase): Promise<number> {
  const { localTime } = await database.db.command({ hello: 1 }, { readPreference: 'primary', ...commandTimeout(0) });
  return (localTime as Date).getTime();
}
