import { changeRoom, type ParticipantDocument, type Roster } from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import { beforeEach, expect, it } from 'vitest';
import { audit, exitCode } from '../../src/index.js';
import { shareDatabase } from '../fixtures/share-database.js';
import type { TestDatabase } from '../fixtures/start-database.js';

let server: TestDatabase;
shareDatabase((database) => (server = database));
beforeEach(async () => {
  for (const collection of await server.database.db.collections()) await collection.deleteMany({});
  server.takeSaid();
});

const run = (repair: boolean) => audit({ repair }, server.context);
const rosterOf = async (roomId: string) => {
  const room = await server.database.rooms.findOne({ roomId });
  return room && { participants: room.participants, ownerId: room.ownerId, admins: room.admins };
};
const eventsOf = async (roomId: string) => {
  const events = await server.database.roomEvents.find({ roomId }).sort({ rev: 1 }).toArray();
  return events.map(({ rev, kind, by, userId, role }) =>
    [Number(rev), kind, by, userId, role].filter(Boolean).join(' '),
  );
};

/** Puts a group there; without a roster as an earlier build has left it. */
async function writeGroup(
  roomId: string,
  roster: Partial<Roster>,
  rows: Readonly<Record<string, Partial<ParticipantDocument>>>,
): Promise<void> {
  const at = new Date(1_700_000_000_000);
  await server.database.rooms.insertOne({
    _id: roomId,
    roomId,
    roomType: 'group',
    createdBy: 'ann',
    createdAt: at,
    metadata: {},
    joinRule: 'invite',
    historyVisibility: 'shared',
    ...roster,
    memberRev: Long.fromNumber(3),
    rev: Long.fromNumber(0),
    segments: [{ monthYear: '2026-01' as never, firstId: Long.fromNumber(1), openedAt: at }],
  });
  const zero = Long.fromNumber(0);
  for (const [index, [userId, row]] of Object.entries(rows).entries()) {
    await server.database.participants.insertOne({
      _id: new ObjectId(),
      roomId,
      userId,
      joinedAt: new Date(at.getTime() + index),
      leftAt: null,
      firstVisibleId: Long.fromNumber(1),
      deliveredUpTo: zero,
      readUpTo: zero,
      ...row,
    });
  }
}

it('names an owner where there is none, tells it by a room event, and finds nothing when it is run again', async () => {
  const gone = { leftAt: new Date() };
  await writeGroup('old', {}, { ann: { role: 'owner', ...gone }, bob: { role: 'participant' }, cy: { role: 'admin' } });
  await writeGroup('two', {}, { ann: { role: 'owner' }, bob: { role: 'owner' } });
  const roster = { participants: ['ann', 'bob', 'cy'], ownerId: 'ann', admins: [] };
  await writeGroup('new', roster, { ann: gone, bob: {}, cy: {}, dan: {} });
  await writeGroup('right', roster, { ann: {}, bob: {}, cy: {} });
  await writeGroup('silent', {}, { ann: { role: 'owner' } });

  expect(await run(false)).toBe(exitCode.found);
  const said = server.takeSaid();
  expect(said).toMatch(/name an owner in 2 rooms\n.*: old, new\n/);
  expect(said).toMatch(/make owners admins in 1 room\n.*: two\n/);
  expect(said).toMatch(/take out participants in 1 room\n.*: new\n/);
  expect(said).toMatch(/end rows in 1 room\n.*: new\n/);
  expect(await rosterOf('old')).toEqual({ participants: undefined, ownerId: undefined, admins: undefined });

  expect(await run(true)).toBe(exitCode.done);
  expect(server.takeSaid()).toContain('mended 3 rooms\n');
  expect(await rosterOf('old')).toEqual({ participants: ['bob', 'cy'], ownerId: 'cy', admins: [] });
  expect(await rosterOf('two')).toEqual({ participants: ['ann', 'bob'], ownerId: 'ann', admins: ['bob'] });
  expect(await rosterOf('new')).toEqual({ participants: ['bob', 'cy'], ownerId: 'bob', admins: [] });
  expect(await eventsOf('old')).toEqual(['1 role parlance:audit cy owner']);
  expect(await eventsOf('two')).toEqual(['1 role parlance:audit bob admin']);
  expect(await eventsOf('new')).toEqual(['1 left parlance:audit ann', '2 role parlance:audit bob owner']);
  const dan = await server.database.participants.findOne({ roomId: 'new', userId: 'dan' });
  expect(dan?.leftAt).toBeInstanceOf(Date);
  const room = await server.database.rooms.findOne({ roomId: 'new' });
  expect([Number(room?.memberRev), Number(room?.rev), room?.unlogged]).toEqual([4, 2, []]);

  expect(await run(true)).toBe(exitCode.done);
  expect(server.takeSaid()).toBe(
    'nothing to do: of 5 rooms that are groups, each is as it should be\nnothing to do: 0 slots of 5 rooms are all there\n',
  );
});

it('goes on behind the newest event that an earlier build has logged, and logs what a pod has left', async () => {
  const { database } = server;
  const event = { roomId: 'old', kind: 'left', by: 'ann', userId: 'ann', at: new Date() } as const;
  await database.roomEvents.insertOne({ ...event, _id: new ObjectId(), rev: Long.fromNumber(1) });
  await writeGroup('old', {}, { bob: { role: 'participant' } });
  const roster = { participants: ['ann'], ownerId: 'ann', admins: [] };
  await writeGroup('left', roster, { ann: {} });
  const updated = { kind: 'updated', by: 'ann', at: new Date() } as const;
  await changeRoom(database, { roomId: 'left', memberRev: 3, rev: 0 }, { events: [updated] });
  expect(await run(true)).toBe(exitCode.done);
  expect(await eventsOf('old')).toEqual(['1 left ann ann', '2 role parlance:audit bob owner']);
  expect(await eventsOf('left')).toEqual(['1 updated ann']);
});

it('lets two runs at a time mend each room once', async () => {
  for (let index = 0; index < 8; index++) await writeGroup(`r${index}`, {}, { ann: { role: 'participant' } });
  expect(await Promise.all([run(true), run(true)])).toEqual([exitCode.done, exitCode.done]);
  for (let index = 0; index < 8; index++)
    expect(await eventsOf(`r${index}`)).toEqual(['1 role parlance:audit ann owner']);
});

it('goes on where a run was stopped', async () => {
  for (let index = 0; index < 5; index++) await writeGroup(`r${index}`, {}, { ann: { role: 'participant' } });
  const stop = new AbortController();
  const { context } = server;
  const checkpoint = async (): Promise<void> => {
    stop.abort(new Error('stopped'));
    stop.signal.throwIfAborted();
  };
  await expect(audit({ repair: true }, { ...context, signal: stop.signal, checkpoint })).rejects.toThrow('stopped');
  expect(await server.database.roomEvents.countDocuments()).toBe(0);
  expect(await run(true)).toBe(exitCode.done);
  expect(await server.database.roomEvents.countDocuments()).toBe(5);
});
