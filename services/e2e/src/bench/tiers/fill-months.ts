import type { Progress } from '@parlance/devstack';
import { createMonths, quietContext, sealMonth } from '@parlance/jobs';
import { type ChatDatabase, endOfMonth, majority, type SlotDocument, sealSlot, startOfMonth } from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import { pick, seededRandom } from '../../seeded-random.js';
import type { ReadableRoom } from '../../tiers/people/room-reader.js';
import { firstIdAt, messagesAt, monthOfAge, oldestAge } from './tiers-layout.js';

const batchSize = 1_000;
const day = 86_400_000;

/** Creates all months by the job, as if the oldest were the current one: so each begins on the hot shards. */
export async function createAllMonths(database: ChatDatabase, progress: Progress): Promise<void> {
  progress.step(`creating ${oldestAge + 1} months on the hot shards`);
  const now = async (): Promise<number> => startOfMonth(monthOfAge(oldestAge)) + day;
  await createMonths({ ahead: oldestAge, dryRun: false }, quietContext(database, { now }));
}

/**
 * Gives each room a log over all months, without a chat service, which would need two years for it: messages, seals and the
 * chain. Then seals all months but the current one by the job.
 */
export async function fillMonths(
  database: ChatDatabase,
  rooms: readonly ReadableRoom[],
  progress: Progress,
): Promise<void> {
  const random = seededRandom(1);
  for (let age = oldestAge; age >= 0; age--) {
    const month = monthOfAge(age);
    progress.step(`writing ${month}, ${messagesAt(age)} messages in each of ${rooms.length} rooms`);
    const slots = rooms.flatMap((room) => slotsOf(room, age, random));
    for (let from = 0; from < slots.length; from += batchSize) {
      await database
        .messages(month)
        .insertMany(slots.slice(from, from + batchSize), { ordered: false, writeConcern: { w: 'majority' } });
    }
  }
  const segments = Array.from({ length: oldestAge + 1 }, (_, index) => {
    const age = oldestAge - index;
    const monthYear = monthOfAge(age);
    return { monthYear, firstId: Long.fromNumber(firstIdAt(age)), openedAt: new Date(startOfMonth(monthYear)) };
  });
  for (const { roomId } of rooms) {
    await database.rooms.updateOne({ roomId }, { $set: { segments } }, { writeConcern: { w: 'majority' } });
  }
  for (let age = oldestAge; age > 0; age--) {
    progress.step(`sealing ${monthOfAge(age)}`);
    await sealMonth({ month: monthOfAge(age), dryRun: false }, quietContext(database));
  }
  const left = await database.months.find({ state: 'OPEN' }, majority()).toArray();
  const due = left.filter(({ monthYear }) => endOfMonth(monthYear) < Date.now());
  if (due.length > 0) throw new Error(`${due.map(({ monthYear }) => monthYear).join(', ')} could not be sealed`);
}

function slotsOf({ roomId, user }: ReadableRoom, age: number, random: () => number): SlotDocument[] {
  const monthYear = monthOfAge(age);
  const firstId = firstIdAt(age);
  const count = messagesAt(age);
  const start = startOfMonth(monthYear);
  const spanMs = Math.min(endOfMonth(monthYear), Date.now()) - start;
  const timestampAt = (index: number): number => start + Math.floor((spanMs * index) / count);
  const slots: SlotDocument[] = Array.from({ length: count }, (_, index) => ({
    _id: new ObjectId(),
    monthYear,
    roomId,
    messageId: Long.fromNumber(firstId + index),
    timestamp: new Date(timestampAt(index)),
    senderId: user,
    clientMessageId: `${user}:${firstId + index}`,
    bodyHash: textOf(random, 22).replaceAll(' ', '-'),
    content: textOf(random, 20 + Math.floor(200 * random() ** 2)),
    messageType: 'text',
  }));
  const head = firstId + count - 1;
  return age === 0 ? slots : [...slots, sealSlot({ roomId, monthYear, head, timestamp: timestampAt(count - 1) })];
}

const words = 'and the was that with have this from they would there what about which when make like time just'.split(
  ' ',
);

function textOf(random: () => number, length: number): string {
  let text = '';
  while (text.length < length) text += `${pick(words, random)} `;
  return text.slice(0, length);
}
