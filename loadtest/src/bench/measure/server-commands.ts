import type { Servers } from '../systems/servers.ts';

/** Commands by name: "mongodb insert", "redis zadd". */
export type Commands = Readonly<Record<string, number>>;

/** What both servers have been given since they started. */
export async function readCommands({ mongoClient, redisClient }: Servers): Promise<Commands> {
  const status = (await mongoClient.db('admin').command({ serverStatus: 1 })) as ServerStatus;
  const commands: Record<string, number> = {};
  for (const [name, counts] of Object.entries(status.metrics.commands)) {
    if (typeof counts === 'object' && !quiet.has(name)) commands[`mongodb ${name}`] = counts.total;
  }
  for (const [, name, calls] of (await redisClient.info('commandstats')).matchAll(/cmdstat_(\S+):calls=(\d+)/g)) {
    if (!quiet.has(name ?? '')) commands[`redis ${name}`] = Number(calls);
  }
  return commands;
}

/** Commands of MongoDB that read, since it started. */
export async function readsOf(servers: Servers): Promise<number> {
  const commands = await readCommands(servers);
  return ['find', 'aggregate', 'getMore'].reduce((sum, name) => sum + (commands[`mongodb ${name}`] ?? 0), 0);
}

/** Reads of each collection since the server started: "parlance.rooms". */
export async function readsByCollection({ mongoClient }: Servers): Promise<Commands> {
  const { totals } = (await mongoClient.db('admin').command({ top: 1 })) as unknown as Top;
  return Object.fromEntries(
    Object.entries(totals).flatMap(([name, counts]) =>
      typeof counts === 'string' ? [] : [[name, counts.queries.count]],
    ),
  );
}

/** What came between two readings, a message; without what did not come. */
export function commandsSince(now: Commands, before: Commands, messages: number): Commands {
  const counts = Object.entries(now).map(([name, count]) => [name, (count - (before[name] ?? 0)) / messages] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** What readings and heartbeats of drivers ask. */
const quiet = new Set(['serverStatus', 'hello', 'isMaster', 'ping', 'info', 'endSessions']);

interface Top {
  readonly totals: Readonly<Record<string, string | { readonly queries: { readonly count: number } }>>;
}

interface ServerStatus {
  readonly metrics: { readonly commands: Readonly<Record<string, { readonly total: number } | number>> };
}
