import type { ServerNode, ShardedMongo } from '@parlance/devstack';
import { Redis } from 'ioredis';
import { pick, shuffled } from '../seeded-random.js';
import { moveChunks } from './move-chunks.js';
import type { World } from './world/world.js';

const aThird = 1 / 3;
const aTenth = 1 / 10;

/** A fault under way. */
export interface Fault {
  /** What it struck: "mongo-2", "all clients". */
  readonly target: string;
  /** Ends it; resolves when what was struck runs again. */
  heal(): Promise<void>;
}

/** A way to break something. */
export interface FaultKind {
  readonly what: string;
  /** What the machine has to allow. */
  readonly needs?: Ability;
  /** It is over as soon as it has happened: nothing lasts and nothing is healed. */
  readonly isMoment?: true;
  inject(world: World, random: () => number): Promise<Fault>;
}

/** What not every world has: a packet filter, clocks that can be stepped, a sharded MongoDB. */
export type Ability = 'firewall' | 'clock' | 'cluster';

/** Anything that runs as a process here. */
interface Process {
  readonly name: string;
  kill(): Promise<void>;
  pause(): Promise<void>;
  cont(): Promise<void>;
  restart(): Promise<void>;
}

async function killed(process: Process): Promise<Fault> {
  await process.kill();
  return { target: process.name, heal: () => process.restart() };
}

async function paused(process: Process): Promise<Fault> {
  await process.pause();
  return { target: process.name, heal: () => process.cont() };
}

const gateway = (world: World, random: () => number): Process => pick(world.deployment.gateways, random).process;
const chatService = (world: World, random: () => number): Process =>
  pick(world.deployment.chatServices, random).process;
const redis = (world: World, random: () => number): Process => pick(world.deployment.redis.nodes, random);

/** The primary of the replica set; of a cluster that of one of the hot shards, where the months are written. */
async function writer({ deployment }: World, random: () => number): Promise<ServerNode> {
  const hot = deployment.shardedMongo?.shards.filter(({ tier }) => tier === 'hot') ?? [];
  return (hot.length > 0 ? pick(hot, random) : deployment.mongo).primary();
}

function clusterOf({ deployment }: World): ShardedMongo {
  if (deployment.shardedMongo === undefined) throw new Error('this world has no cluster');
  return deployment.shardedMongo;
}

/** Every kind of fault by its name. */
export const faultKinds = {
  'gateway-kill': {
    what: 'SIGKILL of a gateway',
    inject: (world, random) => killed(gateway(world, random)),
  },
  'gateway-pause': {
    what: 'SIGSTOP of a gateway',
    inject: (world, random) => paused(gateway(world, random)),
  },
  'chat-kill': {
    what: 'SIGKILL of a chat service',
    inject: (world, random) => killed(chatService(world, random)),
  },
  'chat-pause': {
    what: 'SIGSTOP of a chat service',
    inject: (world, random) => paused(chatService(world, random)),
  },
  'chat-restart': {
    what: 'SIGTERM of a chat service, as in a rollout',
    inject: async (world, random) => {
      const { process } = pick(world.deployment.chatServices, random);
      await process.stop();
      return { target: process.name, heal: () => process.restart() };
    },
  },
  'redis-kill': {
    what: 'SIGKILL of a Redis node',
    inject: (world, random) => killed(redis(world, random)),
  },
  'redis-pause': {
    what: 'SIGSTOP of a Redis node',
    inject: (world, random) => paused(redis(world, random)),
  },
  'redis-flush': {
    what: 'FLUSHALL on every Redis node',
    isMoment: true,
    inject: async ({ deployment }) => {
      await Promise.all(deployment.redis.nodes.map(({ port }) => flush(port)));
      return { target: 'all Redis nodes', heal: () => Promise.resolve() };
    },
  },
  'redis-failover': {
    what: 'a replica takes over from its Redis master, which lives on as a replica and keeps its connections',
    isMoment: true,
    inject: async ({ deployment }, random) => {
      const replicas = shuffled(deployment.redis.nodes, random);
      const force = random() < 0.5;
      for (const { name, port } of replicas) {
        if (await takeOver(port, force)) return { target: `a master by ${name}`, heal: () => Promise.resolve() };
      }
      return { target: 'no Redis node: there is no replica', heal: () => Promise.resolve() };
    },
  },
  'drop-events': {
    what: 'all events from Redis are lost',
    inject: async ({ deployment }) => {
      const toggle = async (): Promise<void> =>
        void (await Promise.all(deployment.gateways.map(({ process }) => process.kill('SIGUSR2'))));
      await toggle();
      return { target: 'all gateways', heal: toggle };
    },
  },
  'mongo-kill': {
    what: 'SIGKILL of the MongoDB primary, in a cluster of that of a hot shard',
    inject: async (world, random) => killed(await writer(world, random)),
  },
  'mongo-pause': {
    what: 'SIGSTOP of the MongoDB primary, likewise',
    inject: async (world, random) => paused(await writer(world, random)),
  },
  'mongo-partition': {
    what: 'no packet reaches or leaves the port of the MongoDB primary, likewise',
    needs: 'firewall',
    inject: async (world, random) => {
      const primary = await writer(world, random);
      await world.firewall?.cutOff(primary.port);
      return { target: primary.name, heal: async () => world.firewall?.open() };
    },
  },
  'config-kill': {
    what: "SIGKILL of the primary of the cluster's config servers",
    needs: 'cluster',
    inject: async (world) => killed(await clusterOf(world).config.primary()),
  },
  'config-pause': {
    what: "SIGSTOP of the primary of the cluster's config servers",
    needs: 'cluster',
    inject: async (world) => paused(await clusterOf(world).config.primary()),
  },
  'router-kill': {
    what: 'SIGKILL of the router of the cluster',
    needs: 'cluster',
    inject: async (world) => killed(clusterOf(world).router),
  },
  'router-pause': {
    what: 'SIGSTOP of the router of the cluster',
    needs: 'cluster',
    inject: async (world) => paused(clusterOf(world).router),
  },
  'chunk-move': {
    what: 'half of what a hot shard has of each month that is written moves to the other one, as the balancer does',
    needs: 'cluster',
    isMoment: true,
    inject: async (world, random) => {
      const { uri, shards } = clusterOf(world);
      const [from, to] = shuffled(
        shards.filter(({ tier }) => tier === 'hot').map(({ name }) => name),
        random,
      );
      if (from === undefined || to === undefined) throw new Error('a move needs two hot shards');
      const moved = await moveChunks(uri, from, to);
      return { target: `${moved} chunks from ${from} to ${to}`, heal: () => Promise.resolve() };
    },
  },
  'client-reset': {
    what: 'all client connections are reset',
    isMoment: true,
    inject: async ({ clientSide }) => {
      clientSide.reset();
      return { target: 'all clients', heal: () => Promise.resolve() };
    },
  },
  'client-delay': {
    what: 'everything between clients and gateways takes 400 ms longer',
    inject: async ({ clientSide }) => {
      clientSide.slow(400);
      return { target: 'all clients', heal: async () => clientSide.slow(0) };
    },
  },
  'client-narrow': {
    what: 'a third of the clients come back over lines of 1, 5 or 20 Mbit/s',
    inject: async ({ clientSide }, random) => {
      const megabits = pick([1, 5, 20], random);
      const isConcerned = (): boolean => random() < aThird;
      clientSide.narrow((megabits * 1_000_000) / 8, isConcerned);
      clientSide.reset(isConcerned);
      return { target: `clients by ${megabits} Mbit/s`, heal: async () => clientSide.widen() };
    },
  },
  'client-freeze': {
    what: 'the links of a third of the clients freeze, stay open, and thaw',
    inject: async ({ clientSide }, random) => {
      const thaw = clientSide.freeze(() => random() < aThird);
      return { target: 'a third of the clients', heal: async () => thaw() };
    },
  },
  'client-gone': {
    what: 'the links of a tenth of the clients freeze, stay open, and never thaw',
    isMoment: true,
    inject: async ({ clientSide }, random) => {
      clientSide.freeze(() => random() < aTenth);
      return { target: 'a tenth of the clients', heal: () => Promise.resolve() };
    },
  },
  'link-partition': {
    what: 'nothing passes between the gateways and a chat service',
    inject: async ({ links, deployment }, random) => {
      const link = pick(links, random);
      link.stall();
      return {
        target: deployment.chatServices[links.indexOf(link)]?.process.name ?? '',
        heal: async () => link.flow(),
      };
    },
  },
  'clock-step': {
    what: "a chat service's clock steps forward or back by up to 90 s",
    needs: 'clock',
    inject: async ({ clock, deployment }, random) => {
      const { name } = pick(deployment.chatServices, random).process;
      const byMs = Math.round((random() < 0.5 ? -1 : 1) * (5_000 + random() * 85_000));
      await clock?.step(name, byMs);
      return { target: `${name} by ${(byMs / 1_000).toFixed(0)} s`, heal: async () => clock?.step(name, 0) };
    },
  },
} as const satisfies Record<string, FaultKind>;

/** A name of {@link faultKinds}. */
export type FaultKindName = keyof typeof faultKinds;

function flush(port: number): Promise<void> {
  return withRedis(port, async (client) => {
    if ((await client.info('replication')).includes('role:master')) await client.flushall();
  });
}

/** `force`: without the master's consent. False when the node is no replica of a master that it hears. */
function takeOver(port: number, force: boolean): Promise<boolean> {
  return withRedis(port, async (client) => {
    const info = await client.info('replication');
    if (!info.includes('role:slave') || !info.includes('master_link_status:up')) return false;
    await client.call('CLUSTER', 'FAILOVER', ...(force ? ['FORCE'] : []));
    return true;
  });
}

async function withRedis<Result>(port: number, use: (client: Redis) => Promise<Result>): Promise<Result> {
  const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined); // the command tells
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.disconnect();
  }
}
