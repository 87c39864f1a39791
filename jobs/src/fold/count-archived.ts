import { ArchiveReader, type ArchiveReference, compareRoomIds } from '@parlance/storage';
import type { OpenArchive } from '../archive/open-archive.js';
import type { Folds } from './fold.js';

/** Records that are read together. */
const recordsAtATime = 500;

/** For blocks that hold more than one of the rooms, and for the indexes. */
const cacheBytes = 16 * 1024 * 1024;

/** Messages of an archive that folds concern, by room; a room without any is not in it. */
export interface ArchivedCounts {
  /** Those that hold a text. */
  readonly left: ReadonlyMap<string, number>;
  /** Those that were emptied. */
  readonly emptied: ReadonlyMap<string, number>;
}

/**
 * Counts the messages that folds concern in an archive. With `any` it ends at the first one that holds a text. Reads the parts that hold these rooms, each about once.
 * @throws ArchiveFault.
 */
export async function countArchived(
  copy: ArchiveReference,
  folds: Folds,
  { store, keys }: OpenArchive,
  signal: AbortSignal,
  any = false,
): Promise<ArchivedCounts> {
  const month = await new ArchiveReader(store, keys, cacheBytes).openMonth(copy);
  const left = new Map<string, number>();
  const emptied = new Map<string, number>();
  for (const roomId of folds.roomIds.toSorted(compareRoomIds)) {
    signal.throwIfAborted();
    const bounds = await month.boundsOf(roomId);
    if (!bounds) continue;
    const last = Math.min(bounds.lastId, folds.lastOf(roomId));
    for (let from = bounds.firstId; from <= last; from += recordsAtATime) {
      signal.throwIfAborted();
      const slots = await month.readRange(roomId, from, Math.min(last, from + recordsAtATime - 1));
      add(left, roomId, slots.filter((slot) => folds.of(slot) !== undefined).length);
      add(emptied, roomId, slots.filter((slot) => folds.hasEmptied(slot)).length);
      if (any && left.size > 0) return { left, emptied };
    }
  }
  return { left, emptied };
}

function add(counts: Map<string, number>, roomId: string, some: number): void {
  if (some > 0) counts.set(roomId, (counts.get(roomId) ?? 0) + some);
}
