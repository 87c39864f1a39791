import type { Document } from 'mongodb';
import { CommandError } from '../wire/command-error.js';
import { askConfig, askPrimaryShard, ensureDatabase, MAJORITY } from './ask-servers.js';
import type { CommandHandler, CommandRequest } from './command-request.js';
import { splitChunk } from './split-chunk.js';

/** Administration of the cluster: the public commands of mongos, each handed to the server that does the work. */
export const clusterCommands: Readonly<Record<string, CommandHandler>> = {
  addShard: renamed('_configsvrAddShard'),
  removeShard: renamed('_configsvrRemoveShard'),
  addShardToZone: renamed('_configsvrAddShardToZone'),
  removeShardFromZone: renamed('_configsvrRemoveShardFromZone'),
  updateZoneKeyRange: renamed('_configsvrUpdateZoneKeyRange'),
  moveRange: renamed('_configsvrMoveRange'),
  balancerCollectionStatus: renamed('_configsvrBalancerCollectionStatus', 'none'),
  configureCollectionBalancing: renamed('_configsvrConfigureCollectionBalancing'),
  balancerStart: renamed('_configsvrBalancerStart', 'none'),
  balancerStop: renamed('_configsvrBalancerStop', 'none'),
  balancerStatus: renamed('_configsvrBalancerStatus', 'none'),
  enableSharding: (request, servers) => {
    const { primaryShard } = request.rest;
    const command = { _configsvrCreateDatabase: request.command['enableSharding'] };
    return askConfig(servers, primaryShard === undefined ? command : { ...command, primaryShardId: primaryShard });
  },
  shardCollection: async (request, servers) => {
    const namespace = request.fullNamespace;
    const [db, collection] = cut(namespace);
    const { key, ...options } = request.rest;
    await ensureDatabase(servers, db);
    const created = await askPrimaryShard(servers, db, {
      _shardsvrCreateCollection: collection,
      shardKey: key,
      ...options,
      writeConcern: MAJORITY,
    });
    return { collectionsharded: namespace, ok: created['ok'] };
  },
  moveChunk: (request, servers) => {
    const { bounds, to } = request.rest;
    if (!Array.isArray(bounds) || bounds.length !== 2) {
      throw new CommandError(72, 'InvalidOptions', 'This router moves a chunk by its bounds; or use moveRange');
    }
    const [min, max] = bounds as Document[];
    return askConfig(servers, { _configsvrMoveRange: request.fullNamespace, min, max, toShard: to });
  },
  split: splitChunk,
  listShards: async (_request, servers) => ({ shards: await servers.shards(), ok: 1 }),
  flushRouterConfig: () => ({ flushed: true, ok: 1 }), // nothing is kept that could be flushed
};

/** The same command under the name the config servers know it by. */
function renamed(name: string, concern: 'majority' | 'none' = 'majority'): CommandHandler {
  return (request: CommandRequest, servers) =>
    askConfig(servers, { [name]: request.command[request.name], ...without(request.rest, 'writeConcern') }, concern);
}

function without(document: Document, key: string): Document {
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== key));
}

function cut(namespace: string): readonly [string, string] {
  const dot = namespace.indexOf('.');
  return [namespace.slice(0, dot), namespace.slice(dot + 1)];
}
