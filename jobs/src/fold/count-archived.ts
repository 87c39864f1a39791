import { ArchiveReader, type ArchiveReference, compareRoomIds, type SlotDocument } from '@parlance/storage';
import type { OpenArchive } from '../archive/open-archive.js';
import type { Folds } from './fold.js';

/** Records that are read together. */
const recordsAtATime = 500;

/** For blocks that hold more than one of the rooms, and for the indexes. */
const cacheBytes = 16 * 1024 * 1024;

/**
 * Messages that folds would empty in an archive, by room; those without any are not told. With `any` it ends at the first
 * one. Reads the parts that hold these rooms, each about once. Errors: ArchiveFault.
 */
export async function countArchived(
  copy: ArchiveReference,
  folds: Folds,
  { store, keys }: OpenArchive,
  signal: AbortSignal,
  any = false,
): Promise<ReadonlyMap<string, number>> {
  const month = await new ArchiveReader(store, keys, cacheBytes).openMonth(copy);
  const counts = new Map<string, number>();
  for (const roomId of folds.roomIds.toSorted(compareRoomIds)) {
    signal.throwIfAborted();
    const bounds = await month.boundsOf(roomId);
    if (!bounds) continue;
    const last = Math.min(bounds.lastId, folds.lastOf(roomId));
    for (let from = bounds.firstId; from <= last; from += recordsAtATime) {
      signal.throwIfAborted();
      const slots = await month.readRange(roomId, from, Math.min(last, from + recordsAtATime - 1));
      const found = count(slots, folds);
      if (found > 0) counts.set(roomId, (counts.get(roomId) ?? 0) + found);
      if (any && found > 0) return counts;
    }
  }
  return counts;
}

function count(slots: readonly SlotDocument[], folds: Folds): number {
  return slots.filter((slot) => folds.of(slot) !== undefined).length;
}
