import { majority } from '@parlance/storage';
import type { BootstrapConfig } from '../config.js';
import { readShards } from '../mongo/cluster/cluster-shards.js';
import { mongoUser } from '../mongo/cluster/mongo-user.js';
import { connectMongo } from '../mongo/connect-mongo.js';
import type { BootstrapInventory, SetState } from './plan-bootstrap.js';
import { knowsUser, readSetState } from './replica-set.js';
import { servicesUser } from './services-user.js';

/** Reads what there is of a cluster. Rejects as the driver does when a set that stands does not answer. */
export async function readBootstrapInventory(config: BootstrapConfig): Promise<BootstrapInventory> {
  const { topology, mongoUri, keyfile } = config;
  const access = { mongoUri, keyfile };
  const user = keyfile === undefined ? undefined : mongoUser(mongoUri).user;
  const sets = new Map<string, SetState>();
  const knownIn = new Set<string>();
  for (const set of [topology.config, ...topology.shards]) {
    const state = await readSetState(set, access);
    sets.set(set.name, state);
    if (user && state.kind === 'formed' && (await knowsUser(set, access, user))) knownIn.add(set.name);
  }
  const services = servicesUser(config);
  const isFormed = sets.get(topology.config.name)?.kind === 'formed';
  const isKnown = services !== undefined && isFormed && (await knowsUser(topology.config, access, services));
  const servicesState = services && { name: services.name, isKnown };
  const found = { topology, sets, user: user?.name, knownIn, servicesUser: servicesState };
  // A set that is new to a cluster says nothing of the others.
  const isReady = isFormed && (!user || knownIn.has(topology.config.name));
  return { ...found, ...(isReady ? await readRouter(mongoUri) : nothing(mongoUri)) };
}

type RouterPart = Pick<BootstrapInventory, 'shards' | 'database'>;

/** A cluster whose config servers are not there yet has no router that answers. */
function nothing(mongoUri: string): RouterPart {
  return { shards: undefined, database: { name: mongoUser(mongoUri).database, exists: false } };
}

async function readRouter(mongoUri: string): Promise<RouterPart> {
  try {
    await using connection = await connectMongo(mongoUri);
    const { db } = connection.database;
    const name = db.databaseName;
    const entry = await db.client
      .db('config')
      .collection<{ _id: string }>('databases')
      .findOne({ _id: name }, majority());
    return { shards: await readShards(connection.database), database: { name, exists: entry !== null } };
  } catch {
    // The router is waited for when it is needed, and told of then.
    return nothing(mongoUri);
  }
}
