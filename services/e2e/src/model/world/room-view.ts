import { contentOf, messageIn, seal, slotOf } from './slot-entry.js';
import type { Collection, World } from './world.js';

const everySlot = 8;

/** Reused: a log is read before the next one is asked for. */
const log = new Array<number>(everySlot).fill(0);

/**
 * The room's log as a reader finds it on the primaries at majority: by id - 1, the message plus one, 0 where there is
 * none. The chain decides which collection an id is read from. Mirrors `LogReader.end` and `range`.
 */
export function readableLog(world: World): readonly number[] {
  const [old, young] = world.months;
  const boundary = world.chain.committed === 1 ? world.chain.firstId : (sealedAt(old) ?? everySlot);
  log.fill(0);
  for (let index = 0; index < old.committed; index++) read(old.entries[index] as number, 0, boundary);
  if (world.chain.committed === 1)
    for (let index = 0; index < young.committed; index++) read(young.entries[index] as number, boundary, everySlot);
  return log;
}

function read(entry: number, from: number, to: number): void {
  const slot = slotOf(entry);
  if (contentOf(entry) !== seal && slot >= from && slot < to) log[slot - 1] = messageIn(contentOf(entry)) + 1;
}

/** Newest id of a log. */
export function headOf(messages: readonly number[]): number {
  for (let id = messages.length; id > 0; id--) if (messages[id - 1] !== 0) return id;
  return 0;
}

/** Where a majority has a seal. */
function sealedAt({ entries, committed }: Collection): number | undefined {
  for (let index = 0; index < committed; index++)
    if (contentOf(entries[index] as number) === seal) return slotOf(entries[index] as number);
  return undefined;
}
