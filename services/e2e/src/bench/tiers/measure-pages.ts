import type { Progress } from '@parlance/devstack';
import { pick, seededRandom } from '../../seeded-random.js';
import { as, type Pod } from '../../tiers/people/pod.js';
import type { ReadableRoom } from '../../tiers/people/room-reader.js';
import type { CountingStore } from './counting-store.js';
import { type Quantiles, quantilesOf } from './quantiles.js';
import { coldAge, firstIdAt, messagesAt, oldestAge, warmArchiveAge } from './tiers-layout.js';

/** What pages of 50 cost, milliseconds. */
export interface PagesReport {
  readonly current: Quantiles;
  readonly cold: Quantiles;
  readonly archiveWarm: Quantiles;
  /** Of those pages that the archive had to be asked for. */
  readonly archiveUncached: Quantiles;
  /** Pages by the number of ranged reads that they cost, of all that were read with next to no cache. */
  readonly readsAPage: ReadonlyMap<number, number>;
}

/** What is read from. */
export interface PagesContext {
  readonly rooms: readonly ReadableRoom[];
  /** With a cache that holds all. */
  readonly pod: Pod;
  /** With the smallest cache there is: manifest, dictionary and index of a month, and a few blocks. */
  readonly uncached: Pod;
  /** What `uncached` reads the archive from. */
  readonly store: CountingStore;
  /** Pages of each kind. */
  readonly pages: number;
  readonly progress: Progress;
}

const pageItems = 50;

/** Reads pages of all kinds in turns, so that other work on the machine falls on all; always one at a time. */
export async function measurePages(context: PagesContext): Promise<PagesReport> {
  const { rooms, pod, uncached, store, pages, progress } = context;
  const random = seededRandom(2);
  progress.step('reading every page of the archived month once, for the cache');
  for (const room of rooms) {
    for (let end = pageItems; end <= messagesAt(warmArchiveAge); end += pageItems)
      await pageMs(pod, room, warmArchiveAge, end);
  }
  for (const room of rooms.slice(0, 10)) await pageMs(uncached, room, oldestAge, pageItems);
  const [current, cold, warm, missed]: [number[], number[], number[], number[]] = [[], [], [], []];
  const readsAPage = new Map<number, number>();
  for (let turn = 0; turn < pages; turn++) {
    if (turn % 50 === 0) progress.step(`reading pages: ${turn} of ${pages} of each kind`);
    const room = pick(rooms, random);
    const end = pageItems + Math.floor(random() * (messagesAt(0) - pageItems));
    current.push(await pageMs(pod, room, 0, end));
    cold.push(await pageMs(pod, room, coldAge, end));
    warm.push(await pageMs(pod, room, warmArchiveAge, end));
    store.taken();
    const ms = await pageMs(uncached, room, oldestAge, end);
    const { ranged } = store.taken();
    readsAPage.set(ranged, (readsAPage.get(ranged) ?? 0) + 1);
    if (ranged > 0) missed.push(ms);
  }
  return {
    current: quantilesOf(current),
    cold: quantilesOf(cold),
    archiveWarm: quantilesOf(warm),
    archiveUncached: quantilesOf(missed),
    readsAPage,
  };
}

/** The page that ends with the room's message number `end` (1 is the first) of a month. Rejects when it is not whole. */
async function pageMs(pod: Pod, { roomId, user }: ReadableRoom, age: number, end: number): Promise<number> {
  const beforeId = firstIdAt(age) + end;
  const startedAt = performance.now();
  const page = await pod.operations.getMessageHistory(as(user), { roomId, limit: pageItems, beforeId });
  const tookMs = performance.now() - startedAt;
  const first = page.messages[0]?.messageId;
  if (page.messages.length !== pageItems || first !== beforeId - pageItems)
    throw new Error(`a page of ${roomId} before ${beforeId} has ${page.messages.length} messages from ${first}`);
  return tookMs;
}
