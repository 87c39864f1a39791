import { setTimeout as delay } from 'node:timers/promises';
import type { BootstrapConfig } from '../config.js';
import { JobFailed } from '../job-failed.js';
import { adminCommand } from '../mongo/cluster/admin-command.js';
import { mongoUser } from '../mongo/cluster/mongo-user.js';
import { connectMongo, type MongoConnection } from '../mongo/connect-mongo.js';
import { createBaseCollections } from './create-base-collections.js';
import type { BootstrapStep } from './plan-bootstrap.js';
import { createUser, initiateSet, type Waiting } from './replica-set.js';
import { servicesUser } from './services-user.js';

/**
 * Takes one step, each of which may be repeated.
 * @throws JobFailed when something does not answer in time; what the driver throws.
 */
export async function takeBootstrapStep(step: BootstrapStep, config: BootstrapConfig, waiting: Waiting): Promise<void> {
  const { mongoUri, keyfile } = config;
  const access = { mongoUri, keyfile };
  switch (step.kind) {
    case 'initiate':
      return await initiateSet(step.set, step.isConfig, access, waiting);
    case 'user': {
      const { user: own, database } = mongoUser(mongoUri);
      const user = step.who === 'jobs' ? own : servicesUser(config);
      if (user) await createUser(step.set, access, user, { who: step.who, database });
      return;
    }
    case 'addShard':
    case 'zone':
    case 'database':
    case 'collections': {
      await using connection = await connectToRouter(mongoUri, waiting);
      return await onRouter(step, connection);
    }
  }
}

type RouterStep = Extract<BootstrapStep, { kind: 'addShard' | 'zone' | 'database' | 'collections' }>;

async function onRouter(step: RouterStep, { database }: MongoConnection): Promise<void> {
  switch (step.kind) {
    case 'addShard': {
      const { name, members } = step.set;
      await adminCommand(database, { addShard: `${name}/${members.join(',')}`, name });
      return;
    }
    case 'zone':
      await adminCommand(database, { addShardToZone: step.shard, zone: step.zone });
      return;
    case 'database':
      await adminCommand(database, { enableSharding: database.db.databaseName, primaryShard: step.shard });
      return;
    case 'collections':
      return await createBaseCollections(database);
  }
}

/** The router, which may be starting: it answers once its config servers have a primary. */
async function connectToRouter(mongoUri: string, { patienceMs, signal, elapsedMs }: Waiting): Promise<MongoConnection> {
  const giveUpAt = elapsedMs() + patienceMs;
  for (;;) {
    try {
      return await connectMongo(mongoUri);
    } catch (thrown) {
      const text = thrown instanceof Error ? thrown.message : String(thrown);
      if (elapsedMs() > giveUpAt) throw new JobFailed(`the router does not answer: ${text}`);
      await delay(500, undefined, { signal });
    }
  }
}
