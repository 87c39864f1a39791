import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Locations } from '../locations.config.js';
import { type MongoServers, startMongo } from '../mongo/start-mongo.js';
import { type ShardedMongo, startShardedMongo } from '../mongo/start-sharded-mongo.js';
import { allOrNone } from '../process/all-or-none.js';
import { startProcess } from '../process/start-process.js';
import type { ServerOptions } from '../process/start-server-node.js';
import type { SupervisedProcess } from '../process/supervised-process.js';
import type { Progress } from '../progress.js';
import { startRedis } from '../redis/start-redis.js';
import { keepAlive } from './keep-alive.js';
import { runStep } from './run-step.js';
import type { ServicePlanner, ServiceSpec } from './service-spec.js';
import type { StackPart } from './stack-state.js';
import { waitForReady } from './wait-for-ready.js';

const DATABASE = 'parlance';

/**
 * Starts MongoDB and Redis together, then the services group by group, and resolves when all of it is ready. From then on a part
 * that dies is started again. If anything fails, or `signal` fires, all that was started is stopped and the error is thrown.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { progress, locations, signal } = options;
  const running: RunningPart[] = [];
  const letGo: (() => void)[] = [];
  const stop = async (): Promise<void> => {
    for (const release of letGo.splice(0)) release();
    for (const part of running.splice(0).toReversed()) {
      progress.step(`stopping ${part.name}`);
      await part.stop();
      progress.done(`${part.name} stopped`);
    }
  };
  const shared = { logDir: locations.logDir, ledgerDir: locations.ledgerDir, progress, signal };
  try {
    progress.step(`starting MongoDB (${describeMongo(options)}) and Redis (${options.redisMode})`);
    const [mongo, redis] = await allOrNone([
      startDatabase(options, { ...shared, ports: options.mongoPorts }),
      startRedis({
        ...shared,
        mode: options.redisMode,
        ports: options.redisPorts,
        ...(options.redisBusPorts === undefined ? {} : { busPorts: options.redisBusPorts }),
        dataDir: join(locations.dataDir, `redis-${options.redisMode}`),
      }),
    ]);
    const children = ({ nodes, version }: typeof mongo | typeof redis): RunningPart['children'] =>
      nodes.map((node) => ({ child: node.process, version, address: node.address }));
    running.push({ name: 'MongoDB', children: children(mongo), stop: mongo.stop });
    running.push({ name: 'Redis', children: children(redis), stop: redis.stop });
    progress.done(`MongoDB ${mongo.version} and ${redis.product} ${redis.version} are ready`);

    const plan = options.services({
      mongo: options.mongo,
      mongoUri: mongo.uri.replace(/\/(?=\?|$)/, `/${DATABASE}`),
      redisMode: redis.mode,
      redisAddresses: redis.addresses,
    });
    for (const step of plan.steps) {
      progress.step(step.name);
      await runStep(step, options);
      progress.done(`${step.name} is done`);
    }
    for (const group of plan.groups) {
      const started = await allOrNone(group.map((spec) => startService(spec, options)));
      for (const [index, child] of started.entries()) {
        const spec = group[index] as ServiceSpec;
        running.push({
          name: spec.name,
          children: [{ child, version: spec.version, address: spec.address }],
          stop: () => child.stop(),
        });
        progress.done(`${spec.name} is ready`);
      }
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const parts = (): readonly StackPart[] =>
    running.flatMap(({ children }) =>
      children.map(({ child, ...rest }) => ({ ...rest, name: child.name, pid: child.pid, logFile: child.logFile })),
    );
  for (const { child } of running.flatMap(({ children }) => children)) {
    letGo.push(
      keepAlive(child, (line) => {
        progress.done(line);
        options.onChange?.(parts());
      }),
    );
  }
  return { parts, stop };
}

/** See {@link startStack}. */
export interface StackOptions {
  readonly mongo: 'replicaSet' | 'sharded';
  /** Members of the replica set; of a sharded MongoDB those of the config servers and of each hot shard. */
  readonly replicas: 1 | 3;
  readonly redisMode: 'single' | 'cluster';
  readonly mongoPorts: readonly number[];
  readonly redisPorts: readonly number[];
  readonly redisBusPorts?: readonly number[] | undefined;
  readonly services: ServicePlanner;
  readonly locations: Locations;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** Called when a part has ended or come back. */
  readonly onChange?: (parts: readonly StackPart[]) => void;
}

/** All parts, running. */
export interface Stack {
  /** With the pids of this moment. */
  parts(): readonly StackPart[];
  /** Stops everything in the reverse order of the start, with a line about each. */
  stop(): Promise<void>;
}

interface RunningPart {
  readonly name: string;
  readonly children: readonly {
    readonly child: SupervisedProcess;
    readonly version: string;
    readonly address: string;
  }[];
  stop(): Promise<void>;
}

function startDatabase(
  { mongo, replicas, locations }: StackOptions,
  options: Omit<ServerOptions, 'dataDir'>,
): Promise<MongoServers | ShardedMongo> {
  if (mongo === 'replicaSet') return startMongo({ ...options, replicas, dataDir: join(locations.dataDir, 'mongo') });
  const members = { shardReplicas: { hot: replicas }, configReplicas: replicas };
  return startShardedMongo({ ...options, ...members, dataDir: join(locations.dataDir, 'mongo-sharded') });
}

function describeMongo({ mongo, replicas }: StackOptions): string {
  if (mongo === 'sharded') return 'config servers, two hot shards, one warm, one cold, a router';
  return replicas === 1 ? 'one member' : `${replicas} members`;
}

async function startService(
  spec: ServiceSpec,
  { locations, progress, signal }: StackOptions,
): Promise<SupervisedProcess> {
  for (const [file, text] of Object.entries(spec.files ?? {})) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return startProcess({
    name: spec.name,
    command: spec.command,
    args: spec.args,
    env: spec.env,
    cwd: locations.repositoryRoot,
    logFile: join(locations.logDir, `${spec.name}.log`),
    ready: (start) =>
      waitForReady(spec.readyUrl, start.signal, (why) =>
        progress.step(`${spec.name}: waiting for ${spec.readyUrl} (${why})`),
      ),
    readyTimeoutMs: 60_000,
    ledgerDir: locations.ledgerDir,
    signal,
  });
}
