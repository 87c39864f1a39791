import { BSON, type Db, type Document, type Long } from 'mongodb';
import { type ClusterServers, UNSHARDED } from '../cluster-servers.js';
import { CommandError } from '../wire/command-error.js';
import { again, ask } from './ask-servers.js';
import type { CommandHandler, CommandRequest } from './command-request.js';

/** Databases that each server has of its own: of these only the config servers' count. */
const OF_EACH_SERVER: ReadonlySet<string> = new Set(['admin', 'config', 'local']);

const NO_SUMS: ReadonlySet<string> = new Set([
  'ok',
  'avgObjSize',
  'scaleFactor',
  'fsUsedSize',
  'fsTotalSize',
  'nindexes',
  'maxSize',
]);

/** What there is, and how large: lists and statistics. Lists are whole in the first batch. */
export const catalogCommands: Readonly<Record<string, CommandHandler>> = {
  listCollections: async (request, servers) => {
    if (request.db === 'config' || request.db === 'admin')
      return drained(servers.configAdmin.client.db(request.db), request.command);
    if ((await servers.database(request.db)) === undefined) return cursorOf(`${request.db}.$cmd.listCollections`, []);
    return askedForAll(servers, request);
  },
  listIndexes: (request, servers) =>
    again(async () => {
      const entry = await servers.collection(request.namespace);
      const [owner] = entry === undefined ? [] : await servers.owners(entry);
      if (owner === undefined) {
        if ((await servers.database(request.db)) === undefined)
          throw new CommandError(26, 'NamespaceNotFound', `ns does not exist: ${request.namespace}`);
        return askedForAll(servers, request, { shardVersion: UNSHARDED });
      }
      const shard = await servers.onShard(owner.shardId, request.db);
      return drained(shard, { ...request.command, shardVersion: owner.shardVersion });
    }),
  listDatabases: async (request, servers) => {
    const sizes = new Map<string, { sizeOnDisk: number; readonly shards: Record<string, number> }>();
    const { filter } = request.rest;
    const command = { listDatabases: 1, ...(filter === undefined ? {} : { filter }) };
    const add = async (db: Db, shardId: string, wanted: (name: string) => boolean): Promise<void> => {
      for (const { name, sizeOnDisk } of (await db.command(command))['databases'] as readonly ListedDatabase[]) {
        if (!wanted(name)) continue;
        const known = sizes.get(name) ?? { sizeOnDisk: 0, shards: {} };
        known.shards[shardId] = sizeOnDisk;
        sizes.set(name, { ...known, sizeOnDisk: known.sizeOnDisk + sizeOnDisk });
      }
    };
    for (const { _id, host } of await servers.shards())
      await add(servers.onHosts(host, 'admin'), _id, (name) => !OF_EACH_SERVER.has(name));
    await add(servers.configAdmin, 'config', (name) => name !== 'local' && OF_EACH_SERVER.has(name));
    const databases = [...sizes]
      .map(([name, { sizeOnDisk, shards }]) => ({ name, sizeOnDisk, empty: sizeOnDisk === 0, shards }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
    if (truthy(request.command['nameOnly'])) return { databases: databases.map(({ name }) => ({ name })), ok: 1 };
    const totalSize = databases.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0);
    return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 2 ** 20), ok: 1 };
  },
  dbStats: async (request, servers) => {
    const answers = await everywhere(servers, request);
    return { raw: Object.fromEntries(answers), db: request.db, ...summed(answers.map(([, each]) => each)), ok: 1 };
  },
  collStats: async (request, servers) => {
    const entry = await servers.collection(request.namespace);
    const asked = await everywhere(servers, request);
    const owning =
      entry === undefined ? undefined : new Set((await servers.owners(entry)).map(({ shardId }) => shardId));
    const answers = owning === undefined ? asked : asked.filter(([shardId]) => owning.has(shardId));
    const totals = summed(answers.map(([, each]) => each));
    const { size = 0, count = 0 } = totals;
    return {
      sharded: entry !== undefined,
      ns: request.namespace,
      ...totals,
      ...(count > 0 ? { avgObjSize: size / count } : {}),
      shards: Object.fromEntries(answers),
      ok: 1,
    };
  },
};

interface ListedDatabase {
  readonly name: string;
  readonly sizeOnDisk: number;
}

/** The answer of every shard to the same command, by the shard's name. */
async function everywhere(
  servers: ClusterServers,
  { db, command }: CommandRequest,
): Promise<readonly (readonly [string, Document])[]> {
  const shards = await servers.shards();
  return Promise.all(
    shards.map(async ({ _id, host }) => [_id, await servers.onHosts(host, db).command(command)] as const),
  );
}

/** Sums of all figures that are sums. */
function summed(answers: readonly Document[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const answer of answers) {
    for (const [name, value] of Object.entries(answer)) {
      if (typeof value === 'number' && !NO_SUMS.has(name)) sums[name] = (sums[name] ?? 0) + value;
    }
  }
  return sums;
}

async function askedForAll(servers: ClusterServers, request: CommandRequest, more: Document = {}): Promise<Document> {
  const entry = await servers.database(request.db);
  if (entry === undefined) throw new CommandError(26, 'NamespaceNotFound', `database ${request.db} not found`);
  const shard = await servers.onShard(entry.primary, request.db);
  return drained(shard, { ...request.command, ...more, databaseVersion: entry.version });
}

/** Runs a command that opens a cursor and reads it to its end. */
async function drained(db: Db, command: Document): Promise<Document> {
  const first = (await ask(db, { ...command, cursor: {} }))['cursor'] as Cursor;
  const batch = [...(first.firstBatch ?? [])];
  for (let { id } = first; !id.isZero(); ) {
    const collection = first.ns.slice(first.ns.indexOf('.') + 1);
    const next = (await ask(db, { getMore: id, collection }))['cursor'] as Cursor;
    batch.push(...(next.nextBatch ?? []));
    id = next.id;
  }
  return cursorOf(first.ns, batch);
}

function cursorOf(ns: string, firstBatch: readonly Document[]): Document {
  return { cursor: { id: BSON.Long.ZERO, ns, firstBatch }, ok: 1 };
}

interface Cursor {
  readonly id: Long;
  readonly ns: string;
  readonly firstBatch?: readonly Document[];
  readonly nextBatch?: readonly Document[];
}

function truthy(value: unknown): boolean {
  return value === true || Number(value) > 0;
}
