import type { ChatDatabase } from './chat-database.js';

/** Whether the database is behind the router of a sharded cluster, where collections have to be created sharded. */
export async function isSharded(database: ChatDatabase): Promise<boolean> {
  const hello = await database.db.command({ hello: 1 });
  return hello['msg'] === 'isdbgrid';
}
