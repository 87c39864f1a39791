import type { Rules } from '../rules.js';
import { contentOf, messageIn, seal, slotOf, tagIn } from './slot-entry.js';
import type { Collection, World } from './world.js';

/**
 * Inserts one document at a primary: refused (false) when a unique index holds its slot or client id already, committed
 * or not. While a failover is still to come a record waits for `replicate`; after it that would only be a delay, so it
 * is committed at once. Mirrors the server under `MongoMessageStore.insert`.
 */
export function insertDocument(world: World, rules: Rules, month: number, entry: number): boolean {
  const collection = world.months[month as 0 | 1];
  if (rules.indexes === 'unique' && isRefused(collection, rules, entry, collection.entries.length)) return false;
  collection.entries.push(entry);
  if (world.left.failovers === 0) collection.committed = collection.entries.length;
  return true;
}

/** Whether one of the first `count` records keeps a document out. */
export function isRefused(collection: Collection, rules: Rules, entry: number, count: number): boolean {
  const content = contentOf(entry);
  for (let index = 0; index < count; index++) {
    const stored = collection.entries[index] as number;
    if (slotOf(stored) === slotOf(entry)) return true;
    if (content !== seal && contentOf(stored) !== seal && hasSameClientId(rules, contentOf(stored), content))
      return true;
  }
  return false;
}

/** The record of a queued message among the first `count`, or 0. Mirrors `MongoMessageStore.findByClientKeys`. */
export function findMessage(collection: Collection, rules: Rules, content: number, count: number): number {
  if (rules.indexes === 'none') return 0;
  for (let index = 0; index < count; index++) {
    const stored = collection.entries[index] as number;
    if (contentOf(stored) !== seal && hasSameClientId(rules, contentOf(stored), content)) return stored;
  }
  return 0;
}

/** The record with the highest slot among the first `count`, or 0. Mirrors `MongoMessageStore.readLast`. */
export function lastRecord({ entries }: Collection, count: number): number {
  let last = 0;
  for (let index = 0; index < count; index++) last = Math.max(last, entries[index] as number);
  return last;
}

/** Where this very record stands among those a majority has. */
export function isCommitted({ entries, committed }: Collection, entry: number): boolean {
  const at = entries.indexOf(entry);
  return at >= 0 && at < committed;
}

/** How many records a read at majority may see: those a majority has, or what an old primary still believes. */
export function majorityViews({ committed, stale }: Collection): readonly number[] {
  return stale > 0 && stale - 1 < committed ? [committed, stale - 1] : [committed];
}

/** A client that was told `rejected` sends under a new client id; else all attempts share theirs. */
function hasSameClientId(rules: Rules, one: number, other: number): boolean {
  return messageIn(one) === messageIn(other) && (rules.emptySlot === 'unknown' || tagIn(one) === tagIn(other));
}
