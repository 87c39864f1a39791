import { type Document, MongoClient, MongoNetworkError, MongoServerError } from 'mongodb';
import { waitUntil } from '../wait-until.js';
import { planReplicaSet, type ReplicaSetConfig, type WantedSet } from './plan-replica-set.js';

/**
 * Makes the running mongods one replica set with a writable primary and every member in step, whatever they were before:
 * new, the same set, or the same set on other ports. Gives up after `timeoutMs`.
 */
export async function formReplicaSet(wanted: WantedSet, options: FormOptions): Promise<void> {
  const clients = wanted.hosts.map((host) => direct(host, options.timeoutMs));
  try {
    const [first] = clients;
    if (first === undefined) throw new Error('a replica set needs a member');
    await configureSoon(first, wanted, options);
    await hurryElection(first, wanted, options);
    await waitUntil(async () => (await inStep(clients, wanted.hosts.length)) || undefined, {
      what: `a writable primary among ${wanted.hosts.join(', ')}`,
      timeoutMs: options.timeoutMs,
      signal: options.signal,
    });
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

/** The address ("host:port") of the member that is writable now, or `undefined`. Members that do not answer within a second are passed over. */
export async function findPrimary(hosts: readonly string[]): Promise<string | undefined> {
  const answers = hosts.map(async (host) => {
    const client = direct(host, 1_000);
    try {
      return (await hello(client))['isWritablePrimary'] === true ? host : undefined;
    } catch {
      return undefined;
    } finally {
      await client.close();
    }
  });
  return (await Promise.all(answers)).find((host) => host !== undefined);
}

/** The data and what is wanted do not go together; nothing was changed. */
export class ReplicaSetRefusedError extends Error {
  override readonly name = 'ReplicaSetRefusedError';
}

/** See {@link formReplicaSet}. */
export interface FormOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A mongod that has just started closes its connections when it finds out which state it is in, and may be busy with its
 * old configuration; both pass, and the plan is made anew from what is stored then.
 */
async function configureSoon(first: MongoClient, wanted: WantedSet, options: FormOptions): Promise<void> {
  const { refusal } = await waitUntil(
    () =>
      configure(first, wanted).then(
        () => ({ refusal: undefined }),
        (error: unknown) => {
          if (passes(error)) throw error;
          return { refusal: error };
        },
      ),
    { what: 'MongoDB to take its configuration', ...options },
  );
  if (refusal !== undefined) throw refusal;
}

const CONFIGURATION_IN_PROGRESS = 109;
const INTERRUPTED_DUE_TO_STATE_CHANGE = 11_602;

function passes(error: unknown): boolean {
  if (error instanceof MongoNetworkError) return true;
  return (
    error instanceof MongoServerError &&
    (error.code === CONFIGURATION_IN_PROGRESS || error.code === INTERRUPTED_DUE_TO_STATE_CHANGE)
  );
}

async function configure(first: MongoClient, wanted: WantedSet): Promise<void> {
  const plan = planReplicaSet(await storedConfig(first), wanted);
  switch (plan.action) {
    case 'initiate':
      await first.db('admin').command({ replSetInitiate: plan.config });
      return;
    case 'reconfigure':
      // By force: with every address changed there is no primary that could do it in the regular way.
      await first.db('admin').command({ replSetReconfig: plan.config, force: true });
      return;
    case 'keep':
      return;
    case 'refuse':
      throw new ReplicaSetRefusedError(plan.reason);
  }
}

const NOT_YET_INITIALIZED = 94;

async function storedConfig(client: MongoClient): Promise<ReplicaSetConfig | null> {
  try {
    return (await client.db('admin').command({ replSetGetConfig: 1 }))['config'] as ReplicaSetConfig;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NOT_YET_INITIALIZED) return null;
    throw error;
  }
}

/** Members of a larger set would wait for a whole election timeout before the first of them stands; ask the first one to stand now. */
async function hurryElection(first: MongoClient, wanted: WantedSet, options: FormOptions): Promise<void> {
  if (wanted.hosts.length === 1) return;
  const until = {
    what: 'an election',
    timeoutMs: Math.min(2_000, options.timeoutMs),
    everyMs: 50,
    signal: options.signal,
  };
  try {
    await waitUntil(async () => {
      const state = await hello(first);
      if (state['isWritablePrimary'] === true || state['primary'] !== undefined) return true;
      return (await first.db('admin').command({ replSetStepUp: 1 }))['ok'] === 1 ? true : undefined;
    }, until);
  } catch {
    options.signal?.throwIfAborted(); // not being elected is no fault: the members elect by themselves soon
  }
}

/** True once one member is primary and all others follow it. */
async function inStep(clients: readonly MongoClient[], size: number): Promise<boolean> {
  const states = await Promise.all(clients.map(hello));
  const primary = clients[states.findIndex((state) => state['isWritablePrimary'] === true)];
  if (primary === undefined) return false;
  const { members } = await primary.db('admin').command({ replSetGetStatus: 1 });
  const following = (members as readonly Document[]).filter(
    ({ stateStr }) => stateStr === 'PRIMARY' || stateStr === 'SECONDARY',
  );
  return following.length === size;
}

function hello(client: MongoClient): Promise<Document> {
  return client.db('admin').command({ hello: 1 });
}

function direct(host: string, timeoutMs: number): MongoClient {
  return new MongoClient(`mongodb://${host}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: timeoutMs,
    maxPoolSize: 1,
  });
}
