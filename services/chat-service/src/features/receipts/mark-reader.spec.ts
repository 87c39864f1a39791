import type { RoomId } from '@parlance/proto';
import { expect, it } from 'vitest';
import type { Place, Row } from '../rooms/mongo-participant-store.js';
import { MarkReader } from './mark-reader.js';

const room = 'r' as RoomId;

/** A store of one room whose answers come when they are let go. */
class SlowStore {
  places: Row[] = [];
  readonly waiting: (() => void)[] = [];
  queries = 0;

  inRoom(): Promise<Row[]> {
    this.queries++;
    const { places } = this;
    return new Promise((resolve) => this.waiting.push(() => resolve(places)));
  }

  letGo(): void {
    for (const go of this.waiting.splice(0)) go();
  }
}

const place = (userId: string, readUpTo: number): Row =>
  ({
    roomId: room,
    userId,
    firstVisibleId: 1,
    countsFrom: 1,
    deliveredUpTo: readUpTo,
    readUpTo,
    readAt: 1,
    joinedAt: 0,
  }) as Row;
const marksOf = async (places: Promise<readonly Place[]>) =>
  (await places).map(({ userId, readUpTo, deliveredUpTo, readAt }) => [userId, deliveredUpTo, readUpTo, readAt]);

it('shows what was stored meanwhile, in an answer that was read before and in one on its way, and asks once a second', async () => {
  const store = new SlowStore();
  let now = 1_000;
  const marks = new MarkReader(
    store,
    () => now,
    () => undefined,
  );
  store.places = [place('ann', 2), place('bob', 2)];
  const early = marks.ofRoom(room);
  marks.raised({ roomId: room, userId: 'ann', delivered: 4, read: 3 }, 70);
  store.letGo();
  expect(await marksOf(early)).toEqual([
    ['ann', 2, 2, 1],
    ['bob', 2, 2, 1],
  ]);
  marks.raised({ roomId: room, userId: 'bob', delivered: 5, read: 0 }, 80);
  marks.raised({ roomId: room, userId: 'bob', delivered: 1, read: 1 }, 90);
  expect(await marksOf(marks.ofRoom(room))).toEqual([
    ['ann', 4, 3, 70],
    ['bob', 5, 2, 1],
  ]);
  now += 999;
  await marks.ofRoom(room);
  expect(store.queries).toBe(1);
  now += 1;
  const later = marks.ofRoom(room);
  store.letGo();
  expect(await marksOf(later)).toEqual([
    ['ann', 2, 2, 1],
    ['bob', 2, 2, 1],
  ]);
});

it('reads the room again for the mark of somebody who has come since', async () => {
  const store = new SlowStore();
  const marks = new MarkReader(
    store,
    () => 0,
    () => undefined,
  );
  const before = marks.ofRoom(room);
  store.letGo();
  await before;
  store.places = [place('cy', 7)];
  marks.raised({ roomId: room, userId: 'cy', delivered: 7, read: 7 }, 1);
  const after = marks.ofRoom(room);
  await new Promise((resolve) => setImmediate(resolve));
  store.letGo();
  expect(await marksOf(after)).toEqual([['cy', 7, 7, 1]]);
});

it('asks again about a room whose log is another one', async () => {
  const store = new SlowStore();
  const reader = new MarkReader(
    store,
    () => 0,
    () => undefined,
  );
  void reader.ofRoom(room);
  reader.forgetRoom(room);
  void reader.ofRoom(room);
  expect(store.queries).toBe(2);
});
