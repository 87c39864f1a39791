import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { quantile } from '../measure/quantiles.ts';
import { type Commands, commandsSince, readsByCollection } from '../measure/server-commands.ts';
import type { Servers } from '../systems/servers.ts';
import { measureMonths } from './history-months.ts';

/** P8: the newest page comes from Redis, at about the price of reading it there; a page that it does not have is read once for all who ask. */
export async function measureHistory(bench: Bench): Promise<void> {
  const { servers } = bench;
  const system = await bench.start('parlance');
  const lane = await bench.open(system, { rooms: 1, members: 10 });
  const [room] = lane.rooms;
  if (room === undefined) throw new Error('a lane has a room');
  bench.say('600 messages, of which Redis keeps the newest');
  const spec = { ratePerSecond: 100, warmSeconds: 1, seconds: 5, characters: 140, seed: 1 };
  await lane.crowd.load(lane.rooms, spec);
  const newest = { name: 'getHistory', payload: { roomId: room.id, limit: 50 } };
  await lane.crowd.inTurn(0, Array(300).fill(newest));
  const idle = await readsDuring(servers, () => delay(idleMs));
  const pageMs: number[] = [];
  const bareMs: number[] = [];
  const from = performance.now();
  const hot = await readsDuring(servers, async () => {
    for (let round = 0; round < rounds; round++) {
      const pages = await lane.crowd.inTurn(0, Array(pagesOfRound).fill(newest));
      pageMs.push(...pages.map(({ ms }) => ms));
      bareMs.push(...(await bareRanges(servers, pagesOfRound)));
    }
  });
  const without = (sumOf(idle) * (performance.now() - from)) / idleMs;
  const everybody = Array.from({ length: 100 }, (_, reader) => reader % 10);
  const old = { name: 'getHistory', payload: { roomId: room.id, limit: 50, beforeId: 120 } };
  let answers: readonly unknown[] = [];
  const cold = await readsDuring(servers, async () => {
    answers = await lane.crowd.together(everybody, old);
  });
  const answered = answers.filter((answer) => JSON.stringify(answer).split('"messageId":').length === 51).length;
  const [page, bare] = [quantile(pageMs, 0.99), quantile(bareMs, 0.99)];
  bench.found.finding({
    what: 'MongoDB commands of a newest page of 50',
    value: Math.max(0, Math.round((100 * (sumOf(hot) - without)) / pageMs.length) / 100),
    unit: '',
    limit: { atMost: 0 },
    detail: `${pageMs.length} pages; ${listed(hot)}; as long without pages: ${without.toFixed(0)}`,
  });
  bench.found.finding({
    what: 'p99 of such a page, to that of a bare ZRANGE',
    value: page / bare,
    unit: 'x',
    limit: { atMost: 2 },
    detail: `${page.toFixed(2)} to ${bare.toFixed(2)} ms; p50 ${quantile(pageMs, 0.5).toFixed(2)} to ${quantile(bareMs, 0.5).toFixed(2)}`,
  });
  bench.found.finding({
    what: '100 identical cold reads at once: queries of messages',
    value: answered === 100 ? sumOf(cold, 'messages_') : Number.NaN,
    unit: '',
    limit: { atMost: 1 },
    detail: `${answered} answered in full; ${listed(cold)}`,
  });
  await measureMonths(bench, lane);
}

const idleMs = 4_000;
const rounds = 8;
const pagesOfRound = 100;

/** The newest 50 of the same sorted set, by a client of this process. */
async function bareRanges({ redisClient }: Servers, count: number): Promise<readonly number[]> {
  const [key = ''] = await redisClient.keys('chat:room:{*}:messages:*');
  const times: number[] = [];
  for (let round = 0; round < count; round++) {
    const from = performance.now();
    await redisClient.zrange(key, '-50', '-1');
    times.push(performance.now() - from);
  }
  return times;
}

/** What each collection was asked for while `work` ran. */
async function readsDuring(servers: Servers, work: () => Promise<unknown>): Promise<Commands> {
  const before = await readsByCollection(servers);
  await work();
  const reads = commandsSince(await readsByCollection(servers), before, 1);
  const ofParlance = Object.entries(reads).filter(([name]) => name.startsWith(database));
  return Object.fromEntries(ofParlance.map(([name, count]) => [name.slice(database.length), count]));
}

const database = 'parlance.';

function sumOf(reads: Commands, beginning = ''): number {
  return Object.entries(reads).reduce((sum, [name, count]) => sum + (name.startsWith(beginning) ? count : 0), 0);
}

function listed(reads: Commands): string {
  return Object.entries(reads)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
