import { createMonths, quietContext, sealMonth } from '@parlance/jobs';
import {
  addMonths,
  ChatDatabase,
  durable,
  endOfMonth,
  type MonthYear,
  monthOf,
  type SlotDocument,
  sealSlot,
  startOfMonth,
} from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import type { Servers } from './servers.ts';

/** A room that is to have a history. */
export interface OldRoom {
  readonly roomId: string;
  readonly senderId: string;
  /** The current one and those before it. */
  readonly months: number;
}

/** Messages of a room in each month. */
export const messagesOfMonth = 100;

/**
 * Gives rooms that nobody has written in yet a log over months, in the database of the system `name`: months are created and sealed by the
 * jobs, as if the time had passed; the messages are written as the chat service would have, which cannot be told what year it is.
 */
export async function fillMonths({ mongoClient }: Servers, name: string, rooms: readonly OldRoom[]): Promise<void> {
  const database = new ChatDatabase(mongoClient.db(name));
  const now = Date.now();
  const oldest = Math.max(...rooms.map(({ months }) => months)) - 1;
  const oldestMonth = addMonths(monthOf(now), -oldest);
  const then = async (): Promise<number> => startOfMonth(oldestMonth) + 1;
  await createMonths({ ahead: oldest, dryRun: false }, quietContext(database, { now: then }));
  for (const room of rooms) await fillRoom(database, room, now);
  for (let age = oldest; age > 0; age--) {
    await sealMonth({ month: addMonths(monthOf(now), -age), dryRun: false }, quietContext(database));
  }
}

async function fillRoom(database: ChatDatabase, room: OldRoom, now: number): Promise<void> {
  const segments: { monthYear: MonthYear; firstId: Long; openedAt: Date }[] = [];
  for (let age = room.months - 1; age >= 0; age--) {
    const monthYear = addMonths(monthOf(now), -age);
    const firstId = 1 + segments.length * messagesOfMonth;
    segments.push({ monthYear, firstId: Long.fromNumber(firstId), openedAt: new Date(startOfMonth(monthYear)) });
    await database
      .messages(monthYear)
      .insertMany(slotsOf(room, { monthYear, firstId, now, isOver: age > 0 }), durable());
  }
  await database.rooms.updateOne({ roomId: room.roomId }, { $set: { segments } }, durable());
}

function slotsOf({ roomId, senderId }: OldRoom, { monthYear, firstId, now, isOver }: Segment): SlotDocument[] {
  const begin = startOfMonth(monthYear);
  const stepMs = (Math.min(endOfMonth(monthYear), now) - begin) / (messagesOfMonth + 1);
  const slots = Array.from(
    { length: messagesOfMonth },
    (_, index): SlotDocument => ({
      _id: new ObjectId(),
      monthYear,
      roomId,
      messageId: Long.fromNumber(firstId + index),
      timestamp: new Date(begin + Math.floor(stepMs * (index + 1))),
      senderId,
      clientMessageId: `${monthYear}-${index}`,
      bodyHash: `hash-of-${monthYear}-${index}`,
      content: `message ${index} of ${monthYear} ${'x'.repeat(140)}`.slice(0, 140),
      messageType: 'text',
    }),
  );
  const head = firstId + messagesOfMonth - 1;
  return isOver ? [...slots, sealSlot({ roomId, monthYear, head, timestamp: endOfMonth(monthYear) - 1 })] : slots;
}

interface Segment {
  readonly monthYear: MonthYear;
  readonly firstId: number;
  readonly now: number;
  /** It ends with its seal. */
  readonly isOver: boolean;
}
