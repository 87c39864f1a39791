import { type Db, type Document, MongoServerError } from 'mongodb';
import type { ClusterServers, DatabaseEntry } from '../cluster-servers.js';
import { CommandError } from '../wire/command-error.js';

/** The same write concern as mongos sends along with what must stay. */
export const MAJORITY = { w: 'majority', wtimeout: 60_000 } as const;

const ATTEMPTS = 10;

/** Sends a command to a server's primary and returns its answer as it came. Throws the driver's errors. */
export function ask(db: Db, command: Document): Promise<Document> {
  return db.command(command, { promoteValues: false });
}

/** Sends a command to the primary of the config servers, acknowledged by a majority of them unless it takes no write concern. */
export function askConfig(
  servers: ClusterServers,
  command: Document,
  concern: 'majority' | 'none' = 'majority',
): Promise<Document> {
  return ask(servers.configAdmin, concern === 'none' ? command : { ...command, writeConcern: MAJORITY });
}

/**
 * Sends a command to the primary shard of a database with the database's version, and again when that was stale. Throws
 * NamespaceNotFound where the cluster knows no such database.
 */
export function askPrimaryShard(servers: ClusterServers, db: string, command: Document): Promise<Document> {
  return again(async () => {
    const entry = await servers.database(db);
    if (entry === undefined) throw new CommandError(26, 'NamespaceNotFound', `database ${db} not found`);
    return ask(await servers.onShard(entry.primary, db), { ...command, databaseVersion: entry.version });
  });
}

/** As mongos: the first write of any kind into a database that is not there creates it. */
export async function ensureDatabase(servers: ClusterServers, db: string): Promise<DatabaseEntry> {
  const known = await servers.database(db);
  if (known !== undefined) return known;
  await askConfig(servers, { _configsvrCreateDatabase: db });
  const created = await servers.database(db);
  if (created === undefined) throw new CommandError(26, 'NamespaceNotFound', `database ${db} not found`);
  return created;
}

/** Runs `work`, and again, a few times, when a shard said that what the router knew is out of date. */
export async function again<T>(work: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      const known = error instanceof MongoServerError || error instanceof CommandError;
      if (attempt >= ATTEMPTS || !known || !isStale(error.code)) throw error;
    }
  }
}

/** Whether a code says that the sender's knowledge of the cluster is out of date: StaleDbVersion, StaleConfig, StaleEpoch. */
export function isStale(code: unknown): boolean {
  return [249, 13_388, 150].includes(Number(code));
}
