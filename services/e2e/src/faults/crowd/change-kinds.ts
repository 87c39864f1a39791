import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '@parlance/proto';
import type { RecordedChanges } from '../../clients/recorded-changes.js';
import { shuffled } from '../../seeded-random.js';

const bigRoomSize = 300;
const bigRoomConnected = 20;

/** A user who changes rooms and talks in them. */
export interface Changer {
  readonly clientId: string;
  readonly userId: string;
  readonly changes: RecordedChanges;
  /** Shows the room. */
  holds(roomId: string): boolean;
  send(roomId: string): void;
}

/** What a round of changes works with. */
export interface ChangeRound {
  /** All there are, in an order that the seed decides; at least four. */
  readonly people: readonly Changer[];
  readonly random: () => number;
  /** Everybody who is named has to be shown all messages of this room, from the first one. */
  resides(people: readonly Changer[], roomId: string): void;
  /** This one comes and goes. */
  visits(visitor: Changer, roomId: string): void;
  /** Resolves when a condition holds, with false when it does not for long. */
  until(condition: () => boolean): Promise<boolean>;
}

/** A way to change rooms, by several clients at once; each round makes a room of its own. */
export interface ChangeKind {
  readonly what: string;
  play(round: ChangeRound): Promise<void>;
}

/** Every kind of changes by its name. */
export const changeKinds = {
  'two-admins': {
    what: 'owner and admins change different things of a room at once',
    async play({ people }) {
      const [owner, admin, other, fourth] = some(people);
      const roomId = await owner.changes.create(idsOf([admin, other, fourth]), { name: 'made' });
      if (roomId === undefined) return;
      await Promise.all([admin, other].map(({ userId }) => owner.changes.setRole(roomId, userId, 'admin')));
      for (const [turn, [joinRule, historyVisibility, role]] of [
        ['open', 'joined', 'admin'],
        ['invite', 'shared', 'participant'],
      ].entries()) {
        await Promise.all([
          owner.changes.update(roomId, { name: `turn ${turn}` }),
          admin.changes.update(roomId, { joinRule: joinRule ?? '' }),
          other.changes.update(roomId, { historyVisibility: historyVisibility ?? '' }),
          owner.changes.setRole(roomId, fourth.userId, role === 'admin' ? role : 'participant'),
        ]);
      }
    },
  },
  'owner-and-heir': {
    what: 'owner and heir go at once, or one a little before the other',
    async play({ people, random }) {
      const [owner, heir, next, last] = some(people);
      const roomId = await owner.changes.create(idsOf([heir, next, last]), { name: 'inherited' });
      if (roomId === undefined) return;
      await owner.changes.setRole(roomId, heir.userId, 'admin');
      const isRemoved = random() < 0.3;
      const going = isRemoved ? owner.changes.remove(roomId, heir.userId) : heir.changes.leave(roomId);
      if (random() < 0.3) await Promise.all([going, delay(random() * 1_800)]);
      await Promise.all([going, owner.changes.leave(roomId), ...(random() < 0.3 ? [next.changes.leave(roomId)] : [])]);
    },
  },
  'near-the-limit': {
    what: 'people join and are added at once, more than a room takes, and then go at once',
    async play({ people, random }) {
      const [owner, admin, ...joining] = some(people);
      const free = 5 + Math.floor(random() * 3);
      const crowd = Array.from({ length: limits.participants - 2 - free }, (_, index) => `absent-${index}`);
      const roomId = await owner.changes.create([admin.userId, ...crowd], { name: 'full', joinRule: 'open' });
      if (roomId === undefined) return;
      await owner.changes.setRole(roomId, admin.userId, 'admin');
      const coming = [
        owner.changes.add(roomId, ['late-1', 'late-2', 'late-3']),
        admin.changes.add(roomId, ['late-4', 'late-5', 'late-6', 'late-7']),
        ...joining.map(({ changes }) => changes.join(roomId)),
      ];
      await Promise.all(coming);
      // Then all who are connected go at once, and somebody who is not there inherits the room.
      await Promise.all([owner, admin, ...joining].map(({ changes }) => changes.leave(roomId)));
    },
  },
  'come-and-go': {
    what: 'people join, leave, are removed and added again while others talk',
    async play({ people, visits, resides, until }) {
      const [owner, admin, joiner, added] = some(people);
      const roomId = await owner.changes.create([admin.userId], { name: 'busy', joinRule: 'open' });
      if (roomId === undefined) return;
      const talk = (): void => {
        for (let count = 0; count < 3; count++) for (const one of [owner, admin]) one.send(roomId);
      };
      resides([owner, admin], roomId);
      if (!(await until(() => admin.holds(roomId)))) return;
      for (const visitor of [joiner, added]) visits(visitor, roomId);
      await owner.changes.setRole(roomId, admin.userId, 'admin');
      for (let turn = 0; turn < 2; turn++) {
        talk();
        await Promise.all([joiner.changes.join(roomId), admin.changes.add(roomId, [added.userId])]);
        talk();
        const isThere = await until(() => [joiner, added].every((visitor) => visitor.holds(roomId)));
        if (turn === 1 || !isThere) return talk();
        await Promise.all([joiner.changes.leave(roomId), owner.changes.remove(roomId, added.userId)]);
        talk();
        // Whoever comes again before having gone would have two stays that nobody could tell apart.
        if (!(await until(() => ![joiner, added].some((visitor) => visitor.holds(roomId))))) return;
      }
    },
  },
  'big-room': {
    what: 'a room of three hundred is made, and those of them who are connected talk in it at once',
    async play({ people, random, resides, until }) {
      const [owner, ...others] = shuffled(people, random).slice(0, bigRoomConnected);
      if (owner === undefined) return;
      const absent = Array.from({ length: bigRoomSize - 1 - others.length }, (_, index) => `absent-${index}`);
      const roomId = await owner.changes.create([...idsOf(others), ...absent], { name: 'big' });
      if (roomId === undefined) return;
      resides([owner, ...others], roomId);
      // Fewer than a client takes as news of a room that it did not know: all of them are shown to everybody.
      owner.send(roomId);
      await Promise.all(others.map(async (one) => (await until(() => one.holds(roomId))) && one.send(roomId)));
    },
  },
} as const satisfies Record<string, ChangeKind>;

/** A name of {@link changeKinds}. */
export type ChangeKindName = keyof typeof changeKinds;

const someAtMost = 10;

function some(people: readonly Changer[]): readonly [Changer, Changer, Changer, Changer, ...Changer[]] {
  const [first, second, third, fourth, ...more] = people.slice(0, someAtMost);
  if (first && second && third && fourth) return [first, second, third, fourth, ...more];
  throw new Error('a round of changes needs more people');
}

function idsOf(people: readonly Changer[]): string[] {
  return people.map(({ userId }) => userId);
}
