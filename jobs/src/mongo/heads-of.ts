import {
  ArchiveReader,
  type ArchiveReference,
  type LastSlotDocument,
  lastSlots,
  type MonthYear,
  majority,
  type RoomDocument,
} from '@parlance/storage';
import { onArchive, openArchive } from '../archive/open-archive.js';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { gathering, longRead, rowsOf } from './rows-of.js';

const cacheBytes = 16 * 1024 * 1024;

type RoomEnd = Pick<RoomDocument, 'roomId' | 'segments'>;

/**
 * Ids of the newest messages of rooms, by room id: a key a room, and a command for each month that is somebody's last. Where
 * that month is in the archive alone, the room's document tells, or the archive does.
 * @throws JobFailed where neither can; what the driver throws.
 */
export async function headsOf(
  rooms: readonly RoomEnd[],
  context: Pick<JobContext, 'database' | 'signal' | 'config' | 'newId'>,
): Promise<ReadonlyMap<string, number>> {
  const { database, signal } = context;
  const heads = new Map<string, number>();
  for (const { roomId, segments } of rooms) heads.set(roomId, Number(segments.at(-1)?.firstId ?? 1) - 1);
  const gone = await goneMonths(context);
  for (const [month, some] of Map.groupBy(rooms, ({ segments }) => segments.at(-1)?.monthYear)) {
    if (month === undefined) continue;
    const copy = gone.get(month);
    if (copy) {
      for (const [roomId, head] of await archivedHeads(month, copy, some, context)) heads.set(roomId, head);
      continue;
    }
    const roomIds = some.map(({ roomId }) => roomId);
    const found = database.messages(month).aggregate<LastSlotDocument>(lastSlots(month, roomIds), longRead);
    // A seal stands behind the newest message.
    for await (const { _id, kind, messageId } of rowsOf(found, signal, gathering))
      heads.set(_id, Number(messageId) - (kind === 'seal' ? 1 : 0));
  }
  return heads;
}

/** Months whose collection was dropped. */
async function goneMonths({
  database,
}: Pick<JobContext, 'database'>): Promise<ReadonlyMap<MonthYear, ArchiveReference>> {
  const entries = await database.months.find({ state: 'ARCHIVED' }, majority()).toArray();
  return new Map(
    entries.flatMap(({ monthYear, archive }) => (archive?.droppedAt ? [[monthYear, archive] as const] : [])),
  );
}

async function archivedHeads(
  month: MonthYear,
  copy: ArchiveReference,
  rooms: readonly RoomEnd[],
  context: Pick<JobContext, 'config' | 'newId'>,
): Promise<ReadonlyMap<string, number>> {
  const noted = (room: RoomEnd): number | undefined => {
    const end = room.segments.at(-1)?.end;
    return end && Number(end.head);
  };
  const heads = new Map(rooms.map((room) => [room.roomId, noted(room)] as const));
  if ([...heads.values()].includes(undefined)) {
    const archive = await openArchive(context);
    if (!archive) throw new JobFailed(`rooms end in ${month}, which lies in the archive, and none is configured`);
    await onArchive(async () => {
      const opened = await new ArchiveReader(archive.store, archive.keys, cacheBytes).openMonth(copy);
      for (const [roomId, head] of heads) {
        if (head === undefined) heads.set(roomId, ((await opened.boundsOf(roomId))?.lastId ?? 1) - 1);
      }
    });
  }
  return new Map([...heads].map(([roomId, head]) => [roomId, head ?? 0]));
}
