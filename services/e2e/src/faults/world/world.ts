import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeExit, waitUntil } from '@parlance/devstack';
import { MongoClient } from 'mongodb';
import { type Deployment, startDeployment } from '../../deployment/start-deployment.js';
import { sabotageArguments } from '../../sabotage/sabotage-arguments.js';
import { pick } from '../../seeded-random.js';
import { Firewall } from './firewall.js';
import { FleetClock } from './fleet-clock.js';
import { TcpProxy } from './tcp-proxy.js';

/** A deployment with everything in it that can be broken on purpose. */
export interface World extends AsyncDisposable {
  readonly deployment: Deployment;
  /** In front of the gateways: each connection goes to one that runs. */
  readonly clientSide: TcpProxy;
  /** In front of each chat service, for all gateways. */
  readonly links: readonly TcpProxy[];
  readonly firewall: Firewall | undefined;
  readonly clock: FleetClock | undefined;
  /** What this machine does not allow, in words. */
  readonly missing: readonly string[];
  /** Resolves when all servers and services are well again. */
  settled(): Promise<void>;
}

/** How much of everything, and when the month ends. */
export interface WorldOptions {
  readonly random: () => number;
  /** From now to the end of the fleet's month. */
  readonly monthEndsInMs: number;
  /**
   * A replica set of three; or a sharded MongoDB with three config servers and two hot shards of three; or a small one, in
   * which every replica set has one member.
   */
  readonly mongo: 'replicaSet' | 'cluster' | 'smallCluster';
  /** Told of every process that ends by itself. */
  readonly say: (line: string) => void;
}

/** Two gateways, three chat services, a six-node Redis Cluster and a MongoDB. */
export async function startWorld({ random, monthEndsInMs, mongo, say }: WorldOptions): Promise<World> {
  const firewall = await Firewall.open();
  const offsets = join(tmpdir(), `parlance-clock-${process.pid}`);
  const clock = await FleetClock.open(offsets, monthEndsInMs);
  const env = new Map<string, Readonly<Record<string, string>>>();
  for (const name of ['gateway-1', 'gateway-2', 'chat-service-1', 'chat-service-2', 'chat-service-3']) {
    env.set(name, {
      ...(name.startsWith('gateway') ? { SABOTAGE: 'drop-events,rooms-listed-soon' } : {}),
      ...('unusable' in clock ? {} : await clock.env(name)),
    });
  }
  if (!('unusable' in clock)) env.set('mongo', clock.fixed);
  const links: TcpProxy[] = [];
  const deployment = await startDeployment({
    gateways: 2,
    chatServices: 3,
    redis: 'cluster',
    mongo: mongo === 'replicaSet' ? 'replicaSet' : 'sharded',
    replicas: mongo === 'smallCluster' ? 1 : 3,
    env: { HANDSHAKES_PER_IP_PER_MINUTE: '1000000', MAX_CONNECTIONS_PER_USER: '4' },
    envOf: (name) => env.get(name) ?? {},
    nodeArgsOf: (name) => (name.startsWith('gateway') ? sabotageArguments : []),
    targetsOf: async (_, targets) => {
      if (links.length === 0) {
        for (const target of targets) links.push(await TcpProxy.start(() => Number(target.split(':')[1])));
      }
      return links.map(({ port }) => `127.0.0.1:${port}`);
    },
  });
  const { gateways, chatServices } = deployment;
  for (const { process } of [...gateways, ...chatServices, ...deployment.mongo.nodes, ...deployment.redis.nodes]) {
    process.onExit((exit) => exit.asked || say(`${process.name} ${describeExit(exit)} by itself`));
  }
  const clientSide = await TcpProxy.start(() => {
    const running = gateways.filter(({ process }) => process.running);
    return pick(running.length > 0 ? running : gateways, random).port;
  });
  return {
    deployment,
    clientSide,
    links,
    firewall: 'unusable' in firewall ? undefined : firewall,
    clock: 'unusable' in clock ? undefined : clock,
    missing: [firewall, clock].flatMap((tool) => ('unusable' in tool ? [tool.unusable] : [])),
    settled: () => settled(deployment),
    async [Symbol.asyncDispose]() {
      if (!('unusable' in firewall)) await firewall.open();
      await Promise.all([clientSide, ...links].map((proxy) => proxy[Symbol.asyncDispose]()));
      await deployment[Symbol.asyncDispose]();
    },
  };
}

async function settled({ mongo, shardedMongo, gateways, chatServices }: Deployment): Promise<void> {
  const patience = { timeoutMs: 60_000, everyMs: 100 };
  for (const { opsUrl, process } of [...gateways, ...chatServices]) {
    await waitUntil(async () => (await fetch(`${opsUrl}/readyz`)).ok || undefined, {
      what: process.name,
      ...patience,
    });
  }
  const sets = shardedMongo === undefined ? [mongo] : [shardedMongo.config, ...shardedMongo.shards];
  for (const { uri } of sets) {
    await waitUntil(() => allInStep(uri), { what: `all members of the replica set ${uri}`, ...patience });
  }
}

/** Asks with a client of its own: one whose first attempt fails stays closed. */
async function allInStep(uri: string): Promise<true | undefined> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1_000 });
  try {
    const { members } = await client.db('admin').command({ replSetGetStatus: 1 });
    const states = (members as { readonly stateStr: string }[]).map(({ stateStr }) => stateStr);
    return states.every((state) => state === 'PRIMARY' || state === 'SECONDARY') || undefined;
  } finally {
    await client.close();
  }
}
