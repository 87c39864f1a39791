import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadLocations } from '../locations.config.js';
import { sharedMongo } from '../mongo/shared/shared-mongo.js';
import { freePorts } from '../ports/free-ports.js';
import { allOrNone } from '../process/all-or-none.js';
import { startProcess } from '../process/start-process.js';
import type { SupervisedProcess } from '../process/supervised-process.js';
import { startRedis } from '../redis/start-redis.js';
import { productServices } from './product-services.js';
import type { ServiceSpec } from './service-spec.js';
import { waitForReady } from './wait-for-ready.js';

/**
 * Starts a Parlance of one chat service and some gateways for a test: on free ports, with a Redis of its own and a
 * database on the MongoDB that tests share.
 * What dies stays dead. `await using` stops all of it and deletes its data. The services have to be built.
 */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const { gateways: gatewayCount = 1, web: hasWeb = false, env = {} } = options;
  const directory = await mkdtemp(join(tmpdir(), 'parlance-test-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each();
  };
  try {
    const [mongo, redis] = await allOrNone([
      sharedMongo(),
      startRedis({ mode: 'single', dataDir: join(directory, 'redis') }),
    ]);
    stops.push(mongo.kill, redis.stop);
    const [grpc = 0, ops = 0, ...ports] = await freePorts(2 + 2 * gatewayCount + (hasWeb ? 1 : 0));
    const plan = productServices(loadLocations().repositoryRoot, {
      chatService: [grpc],
      chatServiceOps: [ops],
      balancer: [],
      gateway: ports.slice(0, gatewayCount),
      gatewayOps: ports.slice(gatewayCount, 2 * gatewayCount),
      web: ports.slice(2 * gatewayCount),
    });
    const servers = { redisMode: redis.mode, redisAddresses: redis.addresses };
    const running: TestService[][] = [];
    const { groups } = plan({ ...servers, mongo: 'replicaSet', mongoUri: mongo.uri });
    for (const group of groups) {
      const started = await allOrNone(group.map((spec) => startService(spec, directory, env)));
      stops.push(() => Promise.all(started.map((process) => process.stop())));
      running.push(started.map((process, index) => ({ process, url: group[index]?.address ?? '' })));
    }
    const [, gateways = [], , [web] = []] = running;
    const [first] = gateways;
    if (first === undefined || (hasWeb && web === undefined)) throw new Error('the web client is not built');
    return {
      gateways: [first, ...gateways.slice(1)],
      ...(web ? { web } : {}),
      token: (userId) => devToken(first.url, userId),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** See {@link startTestStack}. */
export interface TestStack extends AsyncDisposable {
  readonly gateways: readonly [TestService, ...TestService[]];
  /** The server of the web client's page, if it was asked for. */
  readonly web?: TestService;
  /** A development token, from the first gateway. */
  token(userId: string): Promise<string>;
}

/** A running service and its base URL. */
export interface TestService {
  readonly process: SupervisedProcess;
  readonly url: string;
}

/** How much of everything. */
export interface TestStackOptions {
  /** Default 1. */
  readonly gateways?: number;
  /** Serves the web client's page, too, which has to be built. Default false. */
  readonly web?: boolean;
  /** More environment for every service. */
  readonly env?: Readonly<Record<string, string>>;
}

function startService(
  { name, command, args, env, readyUrl }: ServiceSpec,
  directory: string,
  more: Readonly<Record<string, string>>,
): Promise<SupervisedProcess> {
  return startProcess({
    name,
    command,
    args,
    env: { SHUTDOWN_GRACE_MS: '5000', ...env, ...more },
    logFile: join(directory, `${name}.log`),
    ready: ({ signal }) => waitForReady(readyUrl, signal, () => undefined),
  });
}

async function devToken(gatewayUrl: string, userId: string): Promise<string> {
  const response = await fetch(`${gatewayUrl}/api/v1/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  });
  const { data } = (await response.json()) as { readonly data: { readonly token: string } };
  return data.token;
}
