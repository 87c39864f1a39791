import type { ChatDatabase, MonthDocument } from '@parlance/storage';
import type { Pod } from '../people/pod.js';
import type { ReadableRoom, RoomReader } from '../people/room-reader.js';
import type { YearArchive } from '../year/year-archive.js';
import { hashOfMessages, type Oracle } from './oracle.js';
import { textsOfErased } from './texts-of-erased.js';

/** What lies where at the end. */
export interface FinalState {
  readonly months: readonly MonthDocument[];
  /** Rooms whose hash equals the oracle's, of all rooms. */
  readonly equalRooms: number;
  readonly rooms: number;
}

/** What is compared. */
export interface FinalContext {
  readonly archive: Pick<YearArchive, 'place' | 'keys'>;
  readonly oracle: Oracle;
  readonly reader: RoomReader;
  readonly pods: readonly [Pod, ...Pod[]];
  readonly rooms: readonly ReadableRoom[];
}

/**
 * Reads every room in both directions and compares hashes with the oracle's, and the counts of every month; looks for what erased
 * users have said wherever months lie.
 */
export async function checkFinally(context: FinalContext): Promise<FinalState> {
  const { oracle, reader, pods, rooms } = context;
  const { database } = pods[0].mongo;
  let equalRooms = 0;
  for (const [index, room] of rooms.entries()) {
    const forward = await reader.read(pods[index % pods.length] ?? pods[0], room, 'forward');
    const backward = await reader.read(pods[(index + 1) % pods.length] ?? pods[0], room, 'backward');
    const wanted = oracle.hashOf(room.roomId);
    if ([forward, backward].every((messages) => messages && hashOfMessages(messages) === wanted)) equalRooms += 1;
    else
      oracle.report('changed', `${oracle.rooms.get(room.roomId)?.name ?? ''}: its hash is not that of what was sent`);
  }
  const months = await database.months.find().sort({ monthYear: 1 }).toArray();
  const wanted = oracle.countByMonth();
  for (const entry of months) await checkMonth(database, oracle, entry, wanted.get(entry.monthYear) ?? 0);
  const registered = new Set<string>(months.map(({ monthYear }) => monthYear));
  for (const month of wanted.keys()) {
    if (!registered.has(month)) oracle.report('miscounted', `${month} has messages and is not registered`);
  }
  for (const place of await textsOfErased([...oracle.erased], { ...context, database })) oracle.report('kept', place);
  return { months, equalRooms, rooms: rooms.length };
}

async function checkMonth(
  database: ChatDatabase,
  oracle: Oracle,
  { monthYear, state, counts, archive }: MonthDocument,
  wanted: number,
): Promise<void> {
  const compare = (what: string, count: number): void => {
    if (count !== wanted) oracle.report('miscounted', `${monthYear} has ${count} messages ${what}, not ${wanted}`);
  };
  if (state !== 'OPEN') compare('by its seal', Number(counts?.messages));
  if (state === 'ARCHIVED') compare('by its manifest', Number(archive?.messages));
  if (archive?.droppedAt) return;
  compare('in its collection', await database.messages(monthYear).countDocuments({ kind: null as never }));
}
