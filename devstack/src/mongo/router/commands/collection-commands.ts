import type { Document } from 'mongodb';
import { type ClusterServers, UNSHARDED } from '../cluster-servers.js';
import { CommandError } from '../wire/command-error.js';
import { again, ask, askPrimaryShard, ensureDatabase, MAJORITY } from './ask-servers.js';
import type { CommandHandler, CommandRequest } from './command-request.js';

/** Creating, changing and dropping databases, collections, views and indexes. */
export const collectionCommands: Readonly<Record<string, CommandHandler>> = {
  create: async (request, servers) => {
    await ensureDatabase(servers, request.db);
    return askPrimaryShard(servers, request.db, withMajority(request.command));
  },
  createIndexes: async (request, servers) => {
    await ensureDatabase(servers, request.db);
    return onOwners(request, servers, withMajority(request.command));
  },
  collMod: (request, servers) =>
    askPrimaryShard(servers, request.db, {
      _shardsvrCollMod: request.command['collMod'],
      ...request.rest,
      writeConcern: MAJORITY,
    }),
  drop: async (request, servers) => {
    if ((await servers.database(request.db)) === undefined)
      throw new CommandError(26, 'NamespaceNotFound', 'ns not found');
    return askPrimaryShard(servers, request.db, {
      _shardsvrDropCollection: request.command['drop'],
      ...request.rest,
      writeConcern: MAJORITY,
    });
  },
  dropIndexes: (request, servers) =>
    askPrimaryShard(servers, request.db, {
      _shardsvrDropIndexes: request.command['dropIndexes'],
      ...request.rest,
      writeConcern: MAJORITY,
    }),
  renameCollection: (request, servers) => {
    const [db = '', collection] = request.fullNamespace.split(/\.(.*)/s);
    return askPrimaryShard(servers, db, {
      _shardsvrRenameCollection: collection,
      ...request.rest,
      writeConcern: MAJORITY,
    });
  },
  dropDatabase: async (request, servers) => {
    if ((await servers.database(request.db)) === undefined) return { ok: 1 };
    return askPrimaryShard(servers, request.db, { _shardsvrDropDatabase: 1, writeConcern: MAJORITY });
  },
};

/** To every shard that owns chunks, or to the primary shard of an unsharded collection, with what each has to know it by. */
function onOwners(request: CommandRequest, servers: ClusterServers, command: Document): Promise<Document> {
  return again(async () => {
    const entry = await servers.collection(request.namespace);
    if (entry === undefined) return askPrimaryShard(servers, request.db, { ...command, shardVersion: UNSHARDED });
    const owners = await servers.owners(entry);
    const answers = await Promise.all(
      owners.map(async ({ shardId, shardVersion }) => {
        const shard = await servers.onShard(shardId, request.db);
        return [shardId, await ask(shard, { ...command, shardVersion })] as const;
      }),
    );
    return { raw: Object.fromEntries(answers), ok: 1 };
  });
}

function withMajority(command: Document): Document {
  return command['writeConcern'] === undefined ? { ...command, writeConcern: MAJORITY } : command;
}
