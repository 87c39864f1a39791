import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  describeExit,
  freePorts,
  type MongoServers,
  programEntry,
  type RedisServers,
  type ShardedMongo,
  type SupervisedProcess,
  sharedMongo,
  startMongo,
  startProcess,
  startRedis,
  startShardedMongo,
  waitForReady,
} from '@parlance/devstack';
import { MongoClient } from 'mongodb';
import { type ProcessLog, requireNoLeak } from '../leaks/require-no-leak.js';
import { saidTexts } from '../leaks/said-texts.js';
import { SecretTexts } from '../leaks/secret-texts.js';
import { secretsOfEnv } from '../leaks/secrets-of-env.js';
import { testSecrets } from './test-secrets.js';

/** A whole Parlance on this machine: real servers, and as many processes of each service as asked for. */
export interface Deployment extends AsyncDisposable {
  /** What the services speak to; of a sharded MongoDB the router, and `primary()` is that of the first hot shard. */
  readonly mongo: Omit<MongoServers, 'version'>;
  /** The sharded MongoDB, where it was asked for. */
  readonly shardedMongo: ShardedMongo | undefined;
  readonly redis: RedisServers;
  readonly chatServices: readonly ServiceProcess[];
  readonly gateways: readonly GatewayProcess[];
  /** Where logs and data lie until the end. */
  readonly directory: string;
}

/** One running service. */
export interface ServiceProcess {
  readonly process: SupervisedProcess;
  /** Where it shows its health and metrics. */
  readonly opsUrl: string;
  readonly port: number;
  /** Its own environment, which a test may change for the next start. */
  readonly env: Record<string, string>;
}

/** One running gateway. */
export interface GatewayProcess extends ServiceProcess {
  /** What clients connect to. */
  readonly url: string;
}

/** How much of everything. */
export interface DeploymentOptions {
  /** Default 1. */
  readonly gateways?: number;
  /** Default 1. */
  readonly chatServices?: number;
  /** Default `single`. */
  readonly redis?: 'single' | 'cluster';
  /**
   * Default `replicaSet`. `sharded`: config servers, two hot shards, one warm, one cold, a router; `jobs` make the months. `shared`: a
   * database, which `uri` names, on the one MongoDB that tests of this process share: for those that leave the server alone.
   */
  readonly mongo?: 'replicaSet' | 'sharded' | 'shared';
  /** Members of the replica set, or of the config servers and each hot shard. Default 1. */
  readonly replicas?: 1 | 3;
  /** More environment for every service. */
  readonly env?: Readonly<Record<string, string>>;
  /** More environment for one service or server, by its name: "gateway-1", "chat-service-2", "mongo". */
  readonly envOf?: (name: string) => Readonly<Record<string, string>>;
  /** Arguments for the Node of a service, by its name. */
  readonly nodeArgsOf?: (name: string) => readonly string[];
  /** The chat services a gateway is told of, by its name; default: all, in their order. */
  readonly targetsOf?: (gateway: string, targets: readonly string[]) => Promise<readonly string[]>;
  /** Checkout whose built services run; default: this one. */
  readonly checkout?: string;
  /** `false`: MongoDB and Redis run, services have to be started by the caller. Default true. */
  readonly services?: boolean;
}

/** Rates that no test meets unless it asks for lower ones. */
const unlimited = {
  SEND_PER_USER_PER_SECOND: '100000',
  SEND_PER_USER_BURST: '100000',
  SEND_PER_ROOM_PER_SECOND: '100000',
  SEND_PER_ROOM_BURST: '100000',
  SOCKET_SENDS_PER_SECOND: '100000',
  SOCKET_READS_PER_SECOND: '100000',
  SOCKET_RECEIPTS_PER_SECOND: '100000',
  SOCKET_CHANGES_PER_SECOND: '100000',
} as const;

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * Starts it and resolves when every part is ready; `await using` stops all of it, deletes its data, and throws when the log of a
 * service shows a token, a secret of its environment or what clients have said.
 */
export async function startDeployment(options: DeploymentOptions = {}): Promise<Deployment> {
  const directory = await mkdtemp(join(tmpdir(), 'parlance-e2e-'));
  const envOf = options.envOf ?? (() => ({}));
  const { checkout = root } = options;
  const [{ mongo, shardedMongo }, redis] = await Promise.all([
    startDatabase(options, join(directory, 'mongo'), envOf('mongo')),
    startRedis({ mode: options.redis ?? 'single', dataDir: join(directory, 'redis') }),
  ]);
  const mongoUri = mongo.uri.replace(/\/(?=\?|$)/, '/parlance');
  if (shardedMongo !== undefined) await createMonths(mongoUri, directory, checkout);
  const shared = {
    REDIS_MODE: redis.mode,
    REDIS_NODES: redis.addresses.join(','),
    SERVICE_CREDENTIAL: testSecrets.serviceCredential,
    SHUTDOWN_GRACE_MS: '5000',
    DRAIN_DELAY_MS: '0',
    ...unlimited,
    ...options.env,
  };
  const chatServices: ServiceProcess[] = [];
  const gateways: GatewayProcess[] = [];
  const end = async (): Promise<void> => {
    await Promise.all([...gateways, ...chatServices].map(({ process }) => process.stop()));
    await Promise.all([mongo.kill(), redis.stop()]);
    const logs = await readServiceLogs(directory);
    await rm(directory, { recursive: true, force: true });
    requireNoLeak(logs, [secretsOf([...gateways, ...chatServices]), saidTexts]);
  };
  try {
    for (let index = 0; index < (options.chatServices ?? 1); index++) {
      const [port = 0, opsPort = 0] = await freePorts(2);
      const name = `chat-service-${index + 1}`;
      chatServices.push(
        await startService(
          { name, directory, checkout, port, opsPort, nodeArgs: options.nodeArgsOf?.(name) },
          {
            ...shared,
            MONGO_URI: mongoUri,
            GRPC_HOST: '127.0.0.1',
            GRPC_PORT: `${port}`,
            OPS_PORT: `${opsPort}`,
            BODY_HASH_KEY: testSecrets.bodyHashKey,
            ...envOf(name),
          },
        ),
      );
    }
    for (let index = 0; index < (options.gateways ?? 1); index++) {
      const [port = 0, ownOpsPort = 0] = await freePorts(2);
      const opsPort = (await hasOpsPort(checkout)) ? ownOpsPort : port;
      const name = `gateway-${index + 1}`;
      const all = chatServices.map((service) => `127.0.0.1:${service.port}`);
      const targets = (await options.targetsOf?.(name, all)) ?? all;
      const gateway = await startService(
        { name, directory, checkout, port, opsPort, nodeArgs: options.nodeArgsOf?.(name) },
        {
          ...shared,
          PORT: `${port}`,
          OPS_PORT: `${opsPort}`,
          HOST: '127.0.0.1',
          CHAT_SERVICE_TARGETS: targets.join(','),
          JWT_SECRET: testSecrets.jwtSecret,
          DEV_TOKENS: 'true',
          ALLOWED_ORIGINS: 'https://chat.example',
          ...envOf(name),
        },
      );
      gateways.push({ ...gateway, url: `http://127.0.0.1:${port}` });
    }
  } catch (error) {
    await end();
    throw error;
  }
  return {
    mongo,
    shardedMongo,
    redis,
    chatServices,
    gateways,
    directory,
    [Symbol.asyncDispose]: end,
  };
}

/** A gateway built before it had a port of its own for probes shows them on the public one; benches compare with such. */
async function hasOpsPort(checkout: string): Promise<boolean> {
  return (await readFile(join(checkout, 'services', 'gateway', 'dist', 'config.js'), 'utf8')).includes("'OPS_PORT'");
}

/** In a cluster no service makes a month. */
async function createMonths(mongoUri: string, directory: string, checkout: string): Promise<void> {
  const job = await startProcess({
    name: 'jobs-create-months',
    command: process.execPath,
    args: [programEntry(checkout, 'jobs'), 'create-months'],
    env: { MONGO_URI: mongoUri },
    logFile: join(directory, 'jobs-create-months.log'),
  });
  const exit = await job.exited;
  if (exit.code !== 0) throw new Error(`jobs create-months ${describeExit(exit)}: ${job.lastLines().join('\n')}`);
}

async function startDatabase(
  { mongo = 'replicaSet', replicas = 1 }: DeploymentOptions,
  dataDir: string,
  env: Readonly<Record<string, string>>,
): Promise<Pick<Deployment, 'mongo' | 'shardedMongo'>> {
  if (mongo === 'shared') return { mongo: await sharedMongo(), shardedMongo: undefined };
  const same = { dataDir, electionTimeoutMillis: 1_000, env };
  if (mongo === 'replicaSet') return { mongo: await startMongo({ ...same, replicas }), shardedMongo: undefined };
  const shardedMongo = await startShardedMongo({ ...same, shardReplicas: { hot: replicas }, configReplicas: replicas });
  await placeDatabase(shardedMongo);
  const primary: MongoServers['primary'] = (patienceMs) => firstShard(shardedMongo).primary(patienceMs);
  return { mongo: { ...shardedMongo, primary }, shardedMongo };
}

/** What is not sharded lies on a hot shard, as `jobs bootstrap` has it; MongoDB would choose any. */
async function placeDatabase(cluster: ShardedMongo): Promise<void> {
  const client = new MongoClient(cluster.uri);
  try {
    await client.db('admin').command({ enableSharding: 'parlance', primaryShard: firstShard(cluster).name });
  } finally {
    await client.close();
  }
}

function firstShard({ shards }: ShardedMongo): ShardedMongo['shards'][number] {
  const [first] = shards;
  if (first === undefined) throw new Error('a cluster has a shard');
  return first;
}

/** What processes have written whose logs lie in the folder itself: services and jobs, not servers. */
async function readServiceLogs(directory: string): Promise<ProcessLog[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.log'));
  return Promise.all(
    names.map(async (name) => ({ name: basename(name, '.log'), text: await readFile(join(directory, name), 'utf8') })),
  );
}

function secretsOf(services: readonly ServiceProcess[]): SecretTexts {
  const secrets = new SecretTexts();
  for (const { env } of services) secrets.add(...secretsOfEnv(env));
  return secrets;
}

interface ServiceStart {
  readonly name: string;
  readonly directory: string;
  readonly checkout: string;
  readonly port: number;
  readonly opsPort: number;
  readonly nodeArgs: readonly string[] | undefined;
}

async function startService(start: ServiceStart, env: Record<string, string>): Promise<ServiceProcess> {
  const { name, directory, port, nodeArgs = [] } = start;
  const opsUrl = `http://127.0.0.1:${start.opsPort}`;
  const workspace = `services/${name.replace(/-\d+$/, '')}`;
  // Arguments may be there to change modules as they are loaded, which those of a bundle are not.
  const entry =
    nodeArgs.length > 0 ? join(start.checkout, workspace, 'dist', 'main.js') : programEntry(start.checkout, workspace);
  const supervised = await startProcess({
    name,
    command: process.execPath,
    args: [...nodeArgs, entry],
    env,
    logFile: join(directory, `${name}.log`),
    ready: ({ signal }) => waitForReady(`${opsUrl}/readyz`, signal, () => undefined),
  });
  return { process: supervised, opsUrl, port, env };
}
