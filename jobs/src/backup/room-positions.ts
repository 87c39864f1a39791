import { type BackupManifest, type MonthYear, readDocuments } from '@parlance/storage';
import { type Document, Int32, Long } from 'mongodb';
import type { OpenArchive } from '../archive/open-archive.js';
import type { RoomPosition } from './room-cut.js';

/**
 * How far a backup has taken each room, by room id.
 * @throws ArchiveFault.
 */
export async function readPositions(
  { positions, month }: Pick<BackupManifest, 'positions' | 'month'>,
  place: OpenArchive,
): Promise<Map<string, RoomPosition>> {
  const found = new Map<string, RoomPosition>();
  for await (const line of readDocuments(positions, { ...place, month })) {
    found.set(String(line['_id']), {
      month: String(line['month']) as MonthYear,
      slot: Number(line['slot']),
      isSealed: Number(line['sealed']) === 1,
      events: Number(line['events']),
    });
  }
  return found;
}

/** A position as a backup holds it. */
export function writtenPosition([roomId, { month, slot, isSealed, events }]: readonly [
  string,
  RoomPosition,
]): Document {
  return {
    _id: roomId,
    month,
    slot: Long.fromNumber(slot),
    sealed: new Int32(isSealed ? 1 : 0),
    events: Long.fromNumber(events),
  };
}
