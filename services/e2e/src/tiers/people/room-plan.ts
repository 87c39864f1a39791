import { shuffled } from '../../seeded-random.js';

/** A room of the year: who talks in it, and how much is said in each month. */
export interface PlannedRoom {
  /** For people, as `giant-1`. */
  readonly name: string;
  readonly users: readonly string[];
  /** Messages by month, the oldest first. */
  readonly messages: readonly number[];
}

/** How big a year is. */
export interface YearSize {
  readonly rooms: number;
  /** In all rooms and months together. */
  readonly messages: number;
  readonly months: number;
}

/** Users of all rooms together. */
const userCount = 60;

/**
 * Kinds of rooms with their share of all rooms and of all messages. `long-silent` rooms speak in the first month and not
 * again until seven have passed; `one-message` and `empty` rooms have as many as they say.
 */
const kinds = [
  { name: 'giant', rooms: 0.01, messages: 0.4, users: 12 },
  { name: 'busy', rooms: 0.09, messages: 0.38, users: 6 },
  { name: 'common', rooms: 0.34, messages: 0.18, users: 3 },
  { name: 'long-silent', rooms: 0.1, messages: 0.02, users: 2 },
  { name: 'now-and-then', rooms: 0.26, messages: 0.02, users: 2 },
  { name: 'one-message', rooms: 0.14, messages: 0, users: 2 },
  { name: 'empty', rooms: 0.06, messages: 0, users: 2 },
] as const;

type Kind = (typeof kinds)[number]['name'];

/** Rooms of very different sizes, some silent for months, whose messages add up to what is asked for. Pure. */
export function planRooms({ rooms, messages, months }: YearSize, random: () => number): PlannedRoom[] {
  const names = kinds.flatMap((kind) =>
    Array.from({ length: Math.max(1, Math.round(kind.rooms * rooms)) }, () => kind),
  );
  const chosen = names.slice(0, rooms);
  while (chosen.length < rooms) chosen.push(kinds[2]);
  const made = chosen.map((kind, index) => {
    const peers = chosen.filter(({ name }) => name === kind.name).length;
    const mean = (kind.messages * messages) / peers / activeMonths(kind.name, months).length;
    const sizes = Array.from({ length: months }, () => 0);
    for (const month of activeMonths(kind.name, months)) {
      const speaks = kind.name !== 'now-and-then' || random() < 0.3;
      if (speaks) sizes[month] = kind.messages === 0 ? 0 : Math.max(1, Math.round(mean * (0.5 + random())));
    }
    if (kind.name === 'one-message') sizes[Math.floor(random() * months)] = 1;
    return { name: `${kind.name}-${index + 1}`, users: someUsers(kind.users, random), sizes, kind: kind.name };
  });
  level(made, messages);
  return made.map(({ name, users, sizes }) => ({ name, users, messages: sizes }));
}

function activeMonths(kind: Kind, months: number): number[] {
  const all = Array.from({ length: months }, (_, month) => month);
  return kind === 'long-silent' ? all.filter((month) => month === 0 || month >= 8) : all;
}

/** Gives the giants and the busy rooms what is lacking, or takes from them what is too much. */
function level(rooms: readonly { readonly kind: Kind; readonly sizes: number[] }[], messages: number): void {
  const large = rooms.filter(({ kind }) => kind === 'giant' || kind === 'busy');
  let lacking = messages - rooms.flatMap(({ sizes }) => sizes).reduce((sum, size) => sum + size, 0);
  for (let turn = 0; lacking !== 0 && turn < 1_000; turn++) {
    for (const { sizes } of large) {
      for (const [month, size] of sizes.entries()) {
        const share = Math.trunc(lacking / (large.length * sizes.length)) || Math.sign(lacking);
        const change = Math.max(share, 1 - size);
        if (lacking === 0) return;
        sizes[month] = size + change;
        lacking -= change;
      }
    }
  }
}

function someUsers(count: number, random: () => number): string[] {
  const all = Array.from({ length: userCount }, (_, index) => `user-${index + 1}`);
  return shuffled(all, random).slice(0, count);
}
