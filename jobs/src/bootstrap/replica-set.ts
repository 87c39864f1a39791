import { setTimeout as delay } from 'node:timers/promises';
import { commandTimeout } from '@parlance/storage';
import { type Document, MongoClient } from 'mongodb';
import type { StandaloneContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { codeOf } from '../mongo/cluster/admin-command.js';
import { type MongoUser, mongoUser } from '../mongo/cluster/mongo-user.js';
import { shardUri } from '../mongo/cluster/shard-uri.js';
import type { TopologySet } from './cluster-topology.js';
import type { SetState } from './plan-bootstrap.js';

const alreadyInitialized = 23;
const userExists = 51_003;

/** How a set is asked: with the connection string of the router, and the key that its members share if they ask for one. */
export interface SetAccess {
  readonly mongoUri: string;
  /** Text of the key file; undefined where MongoDB asks nobody who they are. */
  readonly keyfile: string | undefined;
}

/** What a user may: services read and write their database; jobs have its indexes, and the cluster's shards, zones and disks, too. */
const rolesOf = {
  services: (database: string) => [{ role: 'readWrite', db: database }],
  jobs: (database: string) => [
    { role: 'readWrite', db: database },
    { role: 'dbAdmin', db: database },
    { role: 'clusterAdmin', db: 'admin' },
  ],
} as const;

/** What a replica set is like, by the first of its members that has a configuration. */
export async function readSetState(set: TopologySet, access: SetAccess): Promise<SetState> {
  let isFresh = false;
  let reason = '';
  for (const member of set.members) {
    try {
      // Asked without credentials: a member without a configuration knows none.
      const hello = await ask(shardUri(mongoUser(access.mongoUri).without, member), { hello: 1 });
      if (typeof hello['setName'] === 'string') {
        const members = [...((hello['hosts'] ?? []) as string[]), ...((hello['passives'] ?? []) as string[])];
        return { kind: 'formed', name: hello['setName'], members };
      }
      isFresh = true;
    } catch (thrown) {
      reason = thrown instanceof Error ? thrown.message : String(thrown);
    }
  }
  return isFresh ? { kind: 'fresh' } : { kind: 'away', reason };
}

/**
 * Gives a set its configuration and waits until it has a primary. Repeating it changes nothing.
 * @throws JobFailed.
 */
export async function initiateSet(
  set: TopologySet,
  isConfig: boolean,
  access: SetAccess,
  waiting: Waiting,
): Promise<void> {
  const members = set.members.map((host, index) => ({ _id: index, host }));
  const replSetInitiate = { _id: set.name, ...(isConfig && { configsvr: true }), members };
  try {
    await ask(shardUri(systemUri(access), set.members[0] ?? ''), { replSetInitiate });
  } catch (thrown) {
    if (codeOf(thrown) !== alreadyInitialized) throw thrown;
  }
  await untilPrimary(set, access, waiting);
}

/** Whether a set knows a user. */
export async function knowsUser(set: TopologySet, access: SetAccess, { name, db }: MongoUser): Promise<boolean> {
  const { users } = await ask(setUri(set, access), { usersInfo: { user: name, db } });
  return (users as readonly unknown[]).length > 0;
}

/** Makes a user known to a set, with what jobs or services may. Repeating it changes nothing. */
export async function createUser(
  set: TopologySet,
  access: SetAccess,
  user: MongoUser,
  { who, database }: { readonly who: keyof typeof rolesOf; readonly database: string },
): Promise<void> {
  const command = {
    createUser: user.name,
    pwd: user.password,
    roles: rolesOf[who](database),
    writeConcern: { w: 'majority' },
  };
  try {
    await ask(setUri(set, access), command, user.db);
  } catch (thrown) {
    if (codeOf(thrown) !== userExists) throw thrown;
  }
}

/** How long something may take, and what stops it. */
export interface Waiting extends Pick<StandaloneContext, 'signal' | 'elapsedMs'> {
  readonly patienceMs: number;
}

async function untilPrimary(
  set: TopologySet,
  access: SetAccess,
  { patienceMs, signal, elapsedMs }: Waiting,
): Promise<void> {
  const giveUpAt = elapsedMs() + patienceMs;
  for (;;) {
    const hello: Document = await ask(setUri(set, access), { hello: 1 }).catch(() => ({}));
    if (hello['isWritablePrimary'] === true) return;
    if (elapsedMs() > giveUpAt) throw new JobFailed(`${set.name} has no primary after ${patienceMs / 1_000} s`);
    await delay(200, undefined, { signal });
  }
}

function setUri({ name, members }: TopologySet, access: SetAccess): string {
  return shardUri(systemUri(access), `${name}/${members.join(',')}`);
}

/** Members that share a key know `__system` by it, before they have a configuration or a user. */
function systemUri({ mongoUri, keyfile }: SetAccess): string {
  const user = mongoUser(mongoUri);
  if (keyfile === undefined) return mongoUri;
  return user.as('__system', keyfile.replaceAll(/\s/g, ''), 'local');
}

async function ask(uri: string, command: Document, db = 'admin'): Promise<Document> {
  await using client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000, retryWrites: false });
  return await client.db(db).command(command, commandTimeout(30_000));
}
