import { addMonths, type MonthYear, monthOf, type SlotDocument, startOfMonth } from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import { pick, seededRandom } from '../../seeded-random.js';

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The month of the benchmark: old enough for the archive. */
export const benchMonth: MonthYear = addMonths(monthOf(Date.now()), -20);

/**
 * Messages as a chat has them, in the order in which they are sent: rooms of very different sizes take turns, texts are
 * sentences of made-up words, of which few are used often and most seldom. Ids of clients, hashes and `_id`s are as random as the
 * real ones. Each room ends with its seal. The same for the same seed, but for `_id`s.
 */
export function* chatMessages(messages: number, seed = 1): Generator<SlotDocument> {
  const random = seededRandom(seed);
  const words = vocabulary(random);
  const rooms = Array.from({ length: Math.max(3, Math.floor(messages / 650)) }, (_, index) => newRoom(index, random));
  const start = startOfMonth(benchMonth);
  for (let count = 0; count < messages; count++) {
    // A room's share falls with its number, as sizes of rooms do.
    const room = rooms[Math.floor(rooms.length * random() ** 3)] as Room;
    yield {
      _id: new ObjectId(),
      monthYear: benchMonth,
      roomId: room.roomId,
      messageId: Long.fromNumber(++room.head),
      timestamp: new Date(start + Math.floor((count / messages) * 28 * 24 * 3_600_000)),
      senderId: pick(room.users, random),
      clientMessageId: uuid(random),
      bodyHash: token(random, 22, base64),
      content: sentence(words, random),
      messageType: 'text',
    };
  }
  for (const { roomId, head } of rooms) {
    const timestamp = new Date(start + 28 * 24 * 3_600_000);
    const messageId = Long.fromNumber(head + 1);
    yield { _id: new ObjectId(), kind: 'seal', monthYear: benchMonth, roomId, messageId, timestamp };
  }
}

interface Room {
  readonly roomId: string;
  readonly users: readonly string[];
  head: number;
}

const hexadecimal = '0123456789abcdef';
const syllables = 'ka ro mi te lo na su vi de par len tor ing er the an re con ti st ma po qu el'.split(' ');

function newRoom(index: number, random: () => number): Room {
  const users = Array.from({ length: 2 + Math.floor(random() * 12) }, () => `user-${token(random, 10, hexadecimal)}`);
  return { roomId: `room-${index}-${token(random, 12, hexadecimal)}`, users, head: 0 };
}

function vocabulary(random: () => number): readonly string[] {
  return Array.from({ length: 5_000 }, () =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(syllables, random)).join(''),
  );
}

function sentence(words: readonly string[], random: () => number): string {
  const length = 2 + Math.floor(random() * random() * 50);
  const said = Array.from({ length }, () => words[Math.floor(words.length * random() ** 3)] ?? '');
  return `${said.join(' ')}${random() < 0.3 ? '?' : '.'}`;
}

function uuid(random: () => number): string {
  const part = (length: number): string => token(random, length, hexadecimal);
  return `${part(8)}-${part(4)}-4${part(3)}-a${part(3)}-${part(12)}`;
}

function token(random: () => number, length: number, letters: string): string {
  let text = '';
  for (let index = 0; index < length; index++) text += letters[Math.floor(random() * letters.length)];
  return text;
}
