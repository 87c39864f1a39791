import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ParlanceClient } from '@parlance/client';
import type { Progress } from '@parlance/devstack';
import { MongoClient } from 'mongodb';
import { signToken } from '../../clients/sign-token.js';
import { startDeployment } from '../../deployment/start-deployment.js';
import type { ComebackSize } from './comeback-size.js';
import { type ReadCounts, readCounts, sumOf } from './read-counts.js';
import { seedRooms } from './seed-rooms.js';

const quietMs = 2_000;
const stepMs = 250;
const ownRounds = 8;

/** What came out for one build; of several rounds the one whose time to all online is in the middle. */
export interface ComebackReport {
  /** Its checkout; undefined is this one. */
  readonly checkout: string | undefined;
  /** Commands that read, by collection, from the first attempt to connect until nothing was read for two seconds. */
  readonly reads: ReadCounts;
  /** Until half of the clients, and until all, had their `ready`; milliseconds. */
  readonly halfOnlineMs: number;
  readonly allOnlineMs: number;
  /** Until the last read, milliseconds. */
  readonly quietMs: number;
}

/** Runs it with the services and the SDK of a checkout. */
export async function runComeback(
  checkout: string | undefined,
  size: ComebackSize,
  progress: Progress,
): Promise<ComebackReport> {
  progress.step('starting MongoDB, Redis and the services');
  await using deployment = await startDeployment({
    ...(checkout === undefined ? {} : { checkout }),
    env: { HANDSHAKES_PER_IP_PER_MINUTE: '1000000', AUTH_TIMEOUT_MS: '60000' },
  });
  const gateway = deployment.gateways[0]?.url ?? '';
  await seedRooms(deployment, size, progress);
  const sdk = (await import(sdkOf(checkout))) as typeof import('@parlance/client');
  const people = Array.from({ length: size.clients }, (_, index) => {
    const token = signToken(`user-${index}`, { expiresIn: 86_400 });
    return new sdk.ParlanceClient({ url: gateway, getToken: () => token, requestTimeoutMs: 60_000 });
  });
  await using mongo = new MongoClient(deployment.mongo.uri);
  await firstVisit(people, size, progress);
  const rounds: ComebackReport[] = [];
  for (let round = 1; round <= size.rounds; round++) {
    const say = (what: string): void => progress.step(`coming back, ${round} of ${size.rounds}: ${what}`);
    rounds.push({ checkout, ...(await comeBack(people, mongo, say)) });
  }
  for (const client of people) client.close();
  const inOrder = rounds.toSorted((left, right) => left.allOnlineMs - right.allOnlineMs);
  return inOrder[Math.floor((inOrder.length - 1) / 2)] as ComebackReport;
}

function sdkOf(checkout: string | undefined): string {
  return checkout === undefined
    ? '@parlance/client'
    : pathToFileURL(join(checkout, 'clients/typescript/dist/index.js')).href;
}

/** Everybody connects for the first time, a few at a time, and loads all rooms. */
async function firstVisit(people: readonly ParlanceClient[], size: ComebackSize, progress: Progress): Promise<void> {
  let loaded = 0;
  const waiting = [...people];
  const visit = async (): Promise<void> => {
    for (let client = waiting.shift(); client; client = waiting.shift()) {
      await client.connect();
      while (!isLoaded(client, size)) await new Promise((resolve) => setTimeout(resolve, 20));
      progress.step(`first visit of each client: ${++loaded} of ${people.length}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, visit));
}

function isLoaded(client: ParlanceClient, { rooms }: ComebackSize): boolean {
  return client.rooms.size === rooms && [...client.rooms.values()].every(({ lastMessage }) => lastMessage);
}

async function comeBack(
  people: readonly ParlanceClient[],
  mongo: MongoClient,
  say: (what: string) => void,
): Promise<Omit<ComebackReport, 'checkout'>> {
  say('waiting until nothing is read');
  await untilQuiet(mongo);
  for (const client of people) client.close();
  await untilQuiet(mongo);
  const before = await readCounts(mongo);
  const start = performance.now();
  const onlineMs: number[] = [];
  const connected = people.map(async (client) => {
    await client.connect();
    onlineMs.push(performance.now() - start);
    say(`${onlineMs.length} of ${people.length} online`);
  });
  await Promise.all(connected);
  say('all online, waiting until nothing is read');
  const quietAt = await untilQuiet(mongo);
  const after = await readCounts(mongo);
  const reads = Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const),
  );
  return {
    reads,
    halfOnlineMs: onlineMs[Math.floor((onlineMs.length - 1) / 2)] ?? 0,
    allOnlineMs: onlineMs.at(-1) ?? 0,
    quietMs: quietAt - start,
  };
}

/** Resolves when next to nothing was read for two seconds, with when that began; a pod's own rounds go on. */
async function untilQuiet(mongo: MongoClient): Promise<number> {
  let last = sumOf(await readCounts(mongo));
  let quietSince = performance.now();
  while (performance.now() - quietSince < quietMs) {
    await new Promise((resolve) => setTimeout(resolve, stepMs));
    const now = sumOf(await readCounts(mongo));
    if (now - last > ownRounds) quietSince = performance.now();
    last = now;
  }
  return quietSince;
}
