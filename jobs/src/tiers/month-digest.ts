import { createHash, type Hash } from 'node:crypto';
import type { ChatDatabase, MonthDigest, MonthYear } from '@parlance/storage';
import { BSON } from 'mongodb';
import { longRead, rowsOf } from '../mongo/rows-of.js';
import type { ProgressState } from '../progress/render-progress.js';

/**
 * Reads a whole month as readers see it, from the primaries at majority and in the order of rooms and ids, and digests the
 * bytes of its records: a move must change none of them. Holds one batch in memory.
 * @throws what {@link rowsOf} throws.
 */
export async function readMonthDigest(
  database: ChatDatabase,
  month: MonthYear,
  signal: AbortSignal,
  tell: (state: ProgressState) => void,
  total?: number,
): Promise<MonthDigest> {
  const found = database.messages(month).find<Buffer>(
    { monthYear: month },
    {
      ...longRead,
      raw: true,
      sort: { monthYear: 1, roomId: 1, messageId: 1 },
    },
  );
  const root = createHash('sha256');
  let room: OpenRoom | undefined;
  let rooms = 0;
  let records = 0;
  for await (const bytes of rowsOf<Buffer>(found, signal)) {
    const { roomId } = BSON.deserialize(bytes) as { roomId: string };
    if (room?.roomId !== roomId) {
      if (room) endRoom(root, room);
      room = { roomId, records: 0, hash: createHash('sha256') };
      rooms += 1;
    }
    room.hash.update(bytes);
    room.records += 1;
    records += 1;
    if (records % 500 === 0) tell({ done: records, unit: 'records', ...(total === undefined ? {} : { total }) });
  }
  if (room) endRoom(root, room);
  return { rooms, records, root: root.digest('hex') };
}

/** What differs between two digests; undefined when nothing does. Pure. */
export function differenceOf(before: MonthDigest, after: MonthDigest): string | undefined {
  if (before.records !== after.records) return `${before.records} records before, ${after.records} after`;
  if (before.rooms !== after.rooms) return `${before.rooms} rooms before, ${after.rooms} after`;
  return before.root === after.root ? undefined : `the same ${after.records} records, and not the same bytes`;
}

interface OpenRoom {
  readonly roomId: string;
  records: number;
  readonly hash: Hash;
}

function endRoom(root: Hash, { roomId, records, hash }: OpenRoom): void {
  root.update(`${roomId}\0${records}\0${hash.digest('hex')}\n`);
}
