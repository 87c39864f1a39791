import { join } from 'node:path';
import { findPrometheus } from '../binaries/find-prometheus.js';
import type { DevstackConfig } from '../config.js';
import { localRules } from '../monitoring/local-rules.js';
import { withPrometheus } from '../monitoring/with-prometheus.js';
import { choosePorts } from '../ports/choose-ports.js';
import { tryFileLock } from '../process/file-lock.js';
import { sweepLeftovers } from '../process/ledger.js';
import type { Progress } from '../progress.js';
import { productServices, type ServicePorts } from './product-services.js';
import type { ServicePlanner } from './service-spec.js';
import { removeStackState, type StackPart, type StackState, supervisorFiles, writeStackState } from './stack-state.js';
import { type Stack, startStack } from './start-stack.js';

const TITLES = {
  mongo: 'MongoDB',
  redis: 'Redis',
  chatService: 'the chat service',
  chatServiceOps: 'the chat service (operations port)',
  balancer: 'the one address of the gateways',
  gateway: 'the gateway',
  gatewayOps: 'the gateway (operations port)',
  web: 'the web client',
  prometheus: 'Prometheus',
} as const;

/**
 * Runs the whole stack until `signal` fires: takes the lock of this `.parlance` folder, stops what an earlier supervisor left
 * behind, starts everything, calls `onReady`, keeps it alive, and stops it in reverse order. Throws when the start fails (with
 * everything stopped again); an abort during the start is no failure.
 */
export async function runSupervisor(options: SupervisorOptions): Promise<SupervisorOutcome> {
  const { config, progress, signal } = options;
  const { locations } = config;
  const files = supervisorFiles(locations.runDir);
  const lock = tryFileLock(files.lock);
  if (!lock.taken) return { outcome: 'already-running', pid: lock.holder.pid };
  const write = (phase: StackState['phase'], parts: readonly StackPart[]): void =>
    writeStackState(files.state, {
      phase,
      supervisorPid: process.pid,
      supervisorLog: options.supervisorLog ?? null,
      parts,
    });
  try {
    write('starting', []);
    for (const { name, pid } of await sweepLeftovers(locations.ledgerDir))
      progress.done(`stopped ${name} (pid ${pid}), left behind by an earlier run`);
    const stack = await start(options, (parts) => write('ready', parts));
    if (stack === undefined) return { outcome: 'stopped' };
    write('ready', stack.parts());
    options.onReady(stack.parts());
    await fired(signal);
    write('stopping', stack.parts());
    await stack.stop();
    return { outcome: 'stopped' };
  } finally {
    removeStackState(files.state);
    lock.release();
  }
}

/** See {@link runSupervisor}. */
export interface SupervisorOptions {
  readonly config: DevstackConfig;
  readonly progress: Progress;
  /** Ends the run, or the start. */
  readonly signal: AbortSignal;
  readonly onReady: (parts: readonly StackPart[]) => void;
  /** Where this process's own words go, when they go to a file. */
  readonly supervisorLog?: string | undefined;
  /** Default: Parlance's own services. */
  readonly services?: ((ports: ServicePorts) => ServicePlanner) | undefined;
}

/** How a run ended. */
export type SupervisorOutcome =
  | { readonly outcome: 'stopped' }
  | { readonly outcome: 'already-running'; readonly pid: number };

/** `undefined` when the start was called off. */
async function start(
  { config, progress, signal, services }: SupervisorOptions,
  onChange: (parts: readonly StackPart[]) => void,
): Promise<Stack | undefined> {
  const { locations, mongo, replicas, redisMode } = config;
  try {
    const ports = await settlePorts(config, (line) => progress.done(line));
    const planFor = services ?? ((chosen: ServicePorts) => productServices(locations.repositoryRoot, chosen));
    const plan = await monitored(planFor(ports), ports.prometheus, { locations, progress, signal });
    return await startStack({
      mongo,
      replicas,
      redisMode,
      mongoPorts: ports.mongo,
      redisPorts: ports.redis,
      redisBusPorts: ports.redisBus,
      services: plan,
      locations,
      progress,
      signal,
      onChange,
    });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** Finds the Prometheus first: without one nothing has been started that would have to be stopped. */
async function monitored(
  plan: ServicePlanner,
  [port]: readonly number[],
  options: Pick<SupervisorOptions, 'progress' | 'signal'> & Pick<DevstackConfig, 'locations'>,
): Promise<ServicePlanner> {
  if (port === undefined) return plan;
  const { locations, progress } = options;
  const { path, version } = await findPrometheus(progress, options);
  const folder = join(locations.dataDir, 'prometheus');
  return withPrometheus(plan, { path, version, port, folder, rules: localRules(locations.repositoryRoot) });
}

type SettledPorts = Record<
  'mongo' | 'redis' | 'chatService' | 'chatServiceOps' | 'balancer' | 'gateway' | 'gatewayOps' | 'web' | 'prometheus',
  readonly number[]
> & {
  readonly redisBus: readonly number[] | undefined;
};

/** Ports the user insists on are promised first, so that no default can take them. */
async function settlePorts(
  { ports, redisMode }: DevstackConfig,
  onMove: (line: string) => void,
): Promise<SettledPorts> {
  const reserved = new Set<number>();
  const chosen: Partial<Record<keyof typeof ports, readonly number[]>> = {};
  const names = Object.keys(ports) as (keyof typeof ports)[];
  for (const name of names.toSorted((a, b) => Number(ports[b].explicit) - Number(ports[a].explicit))) {
    chosen[name] = await choosePorts(ports[name], reserved, TITLES[name], onMove);
  }
  const {
    mongo = [],
    redis = [],
    chatService = [],
    chatServiceOps = [],
    balancer = [],
    gateway = [],
    gatewayOps = [],
    web = [],
    prometheus = [],
  } = chosen;
  // The usual distance between a Redis node's two ports; stable from run to run, so a cluster comes back as it was.
  const bus = {
    variable: 'REDIS_PORT',
    explicit: false,
    ports: redis.map((port) => port + (port <= 55_000 ? 10_000 : -10_000)),
  } as const;
  const redisBus = redisMode === 'cluster' ? await choosePorts(bus, reserved, TITLES.redis) : undefined;
  return { mongo, redis, chatService, chatServiceOps, balancer, gateway, gatewayOps, web, prometheus, redisBus };
}

function fired(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
