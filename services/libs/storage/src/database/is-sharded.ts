import type { ChatDatabase } from './chat-database.js';
import { commandTimeout } from './command-options.js';

/** What does not change while a connection is open is asked once. */
const known = new WeakMap<ChatDatabase, boolean>();

/** Whether the database is behind the router of a sharded cluster, where collections have to be created sharded. */
export async function isSharded(database: ChatDatabase): Promise<boolean> {
  const before = known.get(database);
  if (before !== undefined) return before;
  const hello = await database.db.command({ hello: 1 }, { readPreference: 'primary', ...commandTimeout(0) });
  const sharded = hello['msg'] === 'isdbgrid';
  known.set(database, sharded);
  return sharded;
}
