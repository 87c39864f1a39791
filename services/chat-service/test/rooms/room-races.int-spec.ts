import { changeRoom, withoutParticipant } from '@parlance/storage';
import { Long } from 'mongodb';
import { expect, it } from 'vitest';
import { newRoom } from '../fixtures/new-room.js';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pods } from '../fixtures/start-pods.js';

let servers: Pods;
sharePods((pods) => (servers = pods));

const rounds = 8;
const text = { messageType: '', clientMessageId: '', metadataJson: '', content: 'hi' };
const noChange = { metadata: undefined, joinRule: '', historyVisibility: '' };

/** Has every pod see a room as it is now, so that what follows meets views of up to two seconds ago. */
async function look(roomId: string, userId: string): Promise<void> {
  await Promise.all(servers.pods.map(({ operations }) => operations.getRoom(as(userId), { roomId })));
}

async function eventsOf(roomId: string, user: string) {
  const { rooms } = await servers.pods[1].operations.resume(as(user), {
    rooms: [{ roomId, messageId: 0, rev: 0, epoch: 0 }],
  });
  expect(rooms[0]?.error).toBeUndefined();
  return rooms[0]?.events ?? [];
}

/** Current participants with their roles, as each of them is told by a pod. */
async function rolesIn(roomId: string, users: readonly string[]): Promise<Record<string, string>> {
  const roles: Record<string, string> = {};
  for (const userId of users) {
    const answer = await servers.pods[0].operations.getRoom(as(userId), { roomId }).catch(() => undefined);
    if (answer?.room) roles[userId] = answer.room.role;
  }
  return roles;
}

/** The owner that somebody knows who has read all room events. */
function ownerTold(events: Awaited<ReturnType<typeof eventsOf>>, creator: string): string {
  return events.findLast(({ role }) => role === 'owner')?.userId ?? creator;
}

it('keeps both of two changes that two pods make of one room at once, and tells them in one order', async () => {
  const [one, two] = servers.pods;
  for (let round = 0; round < rounds; round++) {
    const roomId = await newRoom(one, { joinRule: 'open' });
    await one.operations.setRole(as('ann'), { roomId, userId: 'bob', role: 'admin' });
    await look(roomId, 'bob');
    const metadata = { name: `Round ${round}`, description: '', avatar: '' };
    await Promise.all([
      one.operations.updateRoom(as('ann'), { roomId, ...noChange, joinRule: 'invite' }),
      two.operations.updateRoom(as('bob'), { roomId, ...noChange, metadata }),
    ]);
    const { room } = await one.operations.getRoom(as('ann'), { roomId });
    expect(room).toMatchObject({ joinRule: 'invite', metadata });
    const [, first, second] = await eventsOf(roomId, 'ann');
    expect([first?.metadata?.name === '', first?.joinRule === 'open']).toContain(true);
    expect(second).toMatchObject({ joinRule: 'invite', metadata });
  }
});

it('has one owner when the owner and the heir leave at once through two pods, and the events name that one', async () => {
  const [one, two] = servers.pods;
  for (let round = 0; round < rounds; round++) {
    const roomId = await newRoom(one, { participants: ['bob', 'cy'] });
    await one.operations.setRole(as('ann'), { roomId, userId: 'bob', role: 'admin' });
    await look(roomId, 'bob');
    const heirFirst = round % 2 === 0;
    if (heirFirst) await two.operations.leaveRoom(as('bob'), { roomId });
    await Promise.all([
      one.operations.leaveRoom(as('ann'), { roomId }),
      ...(heirFirst ? [] : [two.operations.leaveRoom(as('bob'), { roomId })]),
    ]);
    expect(await rolesIn(roomId, ['ann', 'bob', 'cy'])).toEqual({ cy: 'owner' });
    expect(ownerTold(await eventsOf(roomId, 'cy'), 'ann')).toBe('cy');
  }
});

it('has one owner when the heir is removed or demoted while the owner leaves', async () => {
  const [one, two] = servers.pods;
  for (let round = 0; round < rounds; round++) {
    const roomId = await newRoom(one, { participants: ['bob', 'cy', 'dan'] });
    await one.operations.setRole(as('ann'), { roomId, userId: 'bob', role: 'admin' });
    if (round % 2) await one.operations.setRole(as('ann'), { roomId, userId: 'dan', role: 'admin' });
    await look(roomId, 'bob');
    const [left] = await Promise.allSettled([
      one.operations.leaveRoom(as('ann'), { roomId }),
      round % 2
        ? two.operations.setRole(as('ann'), { roomId, userId: 'bob', role: 'participant' })
        : two.operations.removeParticipant(as('ann'), { roomId, userId: 'bob' }),
    ]);
    expect(left.status).toBe('fulfilled');
    const roles = await rolesIn(roomId, ['ann', 'bob', 'cy', 'dan']);
    const owners = Object.keys(roles).filter((userId) => roles[userId] === 'owner');
    expect(owners).toHaveLength(1);
    expect(ownerTold(await eventsOf(roomId, owners[0] ?? ''), 'ann')).toBe(owners[0]);
  }
});

it('does nothing for an attempt of a request that another attempt has carried out, whatever came after it', async () => {
  const [one, two] = servers.pods;
  const roomId = await newRoom(one, { participants: ['bob', 'cy'], joinRule: 'open' });
  const admin = (role: string, requestId: string) =>
    [
      { ...as('ann'), requestId },
      { roomId, userId: 'cy', role },
    ] as const;
  const leaving = { ...as('bob'), requestId: 'bob leaves' };
  await two.operations.leaveRoom(leaving, { roomId });
  await two.operations.joinRoom({ ...as('bob'), requestId: 'bob is back' }, { roomId });
  await two.operations.setRole(...admin('admin', 'cy rises'));
  await two.operations.setRole(...admin('participant', 'cy falls'));
  const before = await eventsOf(roomId, 'ann');
  await look(roomId, 'ann');

  await one.operations.leaveRoom(leaving, { roomId });
  await one.operations.setRole(...admin('admin', 'cy rises'));

  expect(await rolesIn(roomId, ['ann', 'bob', 'cy'])).toEqual({ ann: 'owner', bob: 'participant', cy: 'participant' });
  expect(await eventsOf(roomId, 'ann')).toEqual(before);
  // Another request is another one.
  await one.operations.leaveRoom({ ...as('bob'), requestId: 'bob leaves again' }, { roomId });
  expect(await rolesIn(roomId, ['ann', 'bob'])).toEqual({ ann: 'owner' });
});

it('does nothing for an attempt whose request was answered by a repeat that found nothing to do', async () => {
  const [one, two] = servers.pods;
  const roomId = await newRoom(one, { participants: ['bob', 'cy'], joinRule: 'open' });
  const joining = { ...as('bob'), requestId: 'bob joins' };
  await two.operations.joinRoom({ ...joining, isRepeat: true }, { roomId });
  await one.operations.leaveRoom({ ...as('bob'), requestId: 'bob leaves' }, { roomId });

  await one.operations.joinRoom(joining, { roomId });

  expect(await rolesIn(roomId, ['ann', 'bob', 'cy'])).toEqual({ ann: 'owner', cy: 'participant' });
});

it('remembers the newest requests of a room and no more', async () => {
  const [one] = servers.pods;
  const roomId = await newRoom(one, { participants: ['bob'] });
  for (let turn = 0; turn < 70; turn++) {
    const role = turn % 2 === 0 ? 'admin' : 'participant';
    await one.operations.setRole({ ...as('ann'), requestId: `turn ${turn}` }, { roomId, userId: 'bob', role });
  }
  const stored = await one.mongo.database.rooms.findOne({ roomId });
  expect(stored?.requests).toEqual(Array.from({ length: 64 }, (_, index) => `turn ${index + 6}`));
});

it('makes whoever enters a room that everybody has left its owner', async () => {
  const [one, two] = servers.pods;
  const roomId = await newRoom(one, { participants: [], joinRule: 'open' });
  await one.operations.leaveRoom(as('ann'), { roomId });
  const [first] = await Promise.all([
    one.operations.joinRoom(as('eve'), { roomId }),
    two.operations.joinRoom(as('fay'), { roomId }),
  ]);
  expect(first.room).toBeDefined();
  expect(Object.values(await rolesIn(roomId, ['eve', 'fay'])).toSorted()).toEqual(['owner', 'participant']);
});

it('never lets more than 1,000 in: by two pods that add 399 to 600, and by 50 that join a room of 995', async () => {
  const [one, two] = servers.pods;
  const people = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}-${index}`);
  const roomId = await newRoom(one, { participants: people('first', 599), joinRule: 'open' });
  await look(roomId, 'ann');
  const added = await Promise.allSettled([
    one.operations.addParticipants(as('ann'), { roomId, userIds: people('left', 399) }),
    two.operations.addParticipants(as('ann'), { roomId, userIds: people('right', 399) }),
  ]);
  const countOf = async () => (await two.operations.listParticipants(as('ann'), { roomId })).userIds.length;
  const full = { status: 'rejected', reason: { reason: 'ROOM_FULL', outcome: 'rejected' } };
  expect(added.toSorted((left, right) => left.status.localeCompare(right.status))).toMatchObject([
    { status: 'fulfilled' },
    full,
  ]);
  expect(await countOf()).toBe(999);
  const gone = people('first', 4);
  for (const userId of gone) await one.operations.leaveRoom(as(userId), { roomId });
  await look(roomId, 'ann');
  const joined = await Promise.allSettled(
    people('guest', 50).map((userId, index) =>
      servers.pods[index % 2 ? 1 : 0].operations.joinRoom(as(userId), { roomId }),
    ),
  );
  expect(joined.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  expect(joined.filter(({ status }) => status === 'rejected')).toMatchObject(Array.from({ length: 45 }, () => full));
  expect(await countOf()).toBe(1_000);
  for (const [index, { status }] of joined.entries()) {
    const { rooms } = await two.operations.listRoomHeads(as(`guest-${index}`), {});
    expect(rooms).toHaveLength(status === 'fulfilled' ? 1 : 0);
  }
});

it('adds a user once whom two pods add at once', async () => {
  const [one, two] = servers.pods;
  const roomId = await newRoom(one);
  await look(roomId, 'ann');
  await Promise.all([
    one.operations.addParticipants(as('ann'), { roomId, userIds: ['cy', 'dan'] }),
    two.operations.addParticipants(as('ann'), { roomId, userIds: ['dan', 'cy'] }),
  ]);
  const events = await eventsOf(roomId, 'ann');
  expect(events.map(({ kind, userId }) => `${kind} ${userId}`).toSorted()).toEqual(['joined cy', 'joined dan']);
});

it('changes nothing for who has stood in line until the deadline', async () => {
  const [one] = servers.pods;
  const roomId = await newRoom(one, { joinRule: 'open' });
  const late = { ...as('eve'), deadlineAt: Date.now() };
  await expect(one.operations.joinRoom(late, { roomId })).rejects.toMatchObject({
    reason: 'DEADLINE_EXCEEDED',
    outcome: 'rejected',
  });
  expect((await one.operations.getRoom(as('ann'), { roomId })).room?.participants).toEqual(['ann', 'bob']);
});

it('tells what a pod has changed that died before it told, by resume and by the sweep of heads', async () => {
  const [one, two] = servers.pods;
  const { database } = one.mongo;
  for (const told of ['sweep', 'resume', 'change'] as const) {
    const roomId = await newRoom(one, { participants: ['bob', 'cy'] });
    await look(roomId, 'bob');
    const roster = withoutParticipant({ participants: ['ann', 'bob', 'cy'], ownerId: 'ann', admins: [] }, 'ann');
    const left = { kind: 'left', by: 'ann', userId: 'ann', at: new Date() } as const;
    const inherits = { kind: 'role', by: 'ann', userId: 'bob', role: 'owner', at: new Date() } as const;
    const version = { roomId, memberRev: 1, rev: 0 };
    expect(await changeRoom(database, version, { roster, events: [left, inherits] })).toBe(true);
    const { room } = await one.operations.getRoom(as('bob'), { roomId });
    expect(room).toMatchObject({ role: 'owner', participants: ['bob', 'cy'], rev: 0, memberRev: 2 });
    expect((await two.operations.listRoomHeads(as('ann'), {})).rooms.map((head) => head.roomId)).not.toContain(roomId);
    const asked = told === 'sweep' ? [roomId] : [];
    const swept = await two.operations.getRoomHeads(as(''), { roomIds: asked, knownHeads: [], knownEpochs: [] });
    expect(swept.rooms).toMatchObject(asked.map(() => ({ roomId, rev: 2, memberRev: 2 })));
    // A view of the room may be two seconds old.
    if (told === 'resume') servers.clockOffsetMs += 3_000;
    if (told === 'change') await two.operations.updateRoom(as('bob'), { roomId, ...noChange, joinRule: 'open' });
    const events = await eventsOf(roomId, 'cy');
    const kinds = events.map(({ rev, kind, userId }) => `${rev} ${kind} ${userId}`);
    expect(kinds.slice(0, 2)).toEqual(['1 left ann', '2 role bob']);
    expect(kinds.slice(2)).toEqual(told === 'change' ? ['3 updated '] : []);
    const back = await two.operations.addParticipants(as('bob'), { roomId, userIds: ['ann'] });
    expect(back.room?.participants.toSorted()).toEqual(['ann', 'bob', 'cy']);
    expect((await one.operations.sendMessage(as('ann'), { ...text, roomId })).message?.messageId).toBe(1);
  }
});

it('goes on with a room of an earlier build, whose rows say who is what, from the number of its newest event', async () => {
  const [one, two] = servers.pods;
  const { database } = one.mongo;
  const roomId = await newRoom(one, { participants: ['bob', 'cy', 'dan'] });
  await one.operations.setRole(as('ann'), { roomId, userId: 'cy', role: 'admin' });
  const roles = { ann: 'owner', bob: 'participant', cy: 'admin', dan: 'participant' } as const;
  for (const [userId, role] of Object.entries(roles)) {
    await database.participants.updateOne(
      { roomId, userId },
      { $set: { role }, $unset: { memberRev: 1, countsFrom: 1 } },
    );
  }
  await database.rooms.updateOne(
    { roomId },
    { $unset: { participants: 1, ownerId: 1, admins: 1, unlogged: 1 }, $set: { rev: Long.fromNumber(0) } },
  );
  expect(await rolesIn(roomId, Object.keys(roles))).toEqual(roles);
  expect((await two.operations.listRoomHeads(as('dan'), {})).rooms.map((head) => head.roomId)).toContain(roomId);
  await two.operations.leaveRoom(as('ann'), { roomId });
  await one.operations.addParticipants(as('cy'), { roomId, userIds: ['ann'] });
  expect(await rolesIn(roomId, Object.keys(roles))).toEqual({ ...roles, cy: 'owner', ann: 'participant' });
  const events = await eventsOf(roomId, 'dan');
  expect(events.map(({ rev, kind, userId }) => `${rev} ${kind} ${userId}`)).toEqual([
    '1 role cy',
    '2 left ann',
    '3 role cy',
    '4 joined ann',
  ]);
});
