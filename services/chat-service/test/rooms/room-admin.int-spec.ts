import type { CommandStartedEvent } from 'mongodb';
import { expect, it } from 'vitest';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pods } from '../fixtures/start-pods.js';

let servers: Pods;
sharePods((pods) => (servers = pods));

const group = {
  roomType: 'group',
  participants: ['bob', 'cy'],
  metadata: undefined,
  joinRule: '',
  historyVisibility: '',
};
const text = { messageType: '', clientMessageId: '', metadataJson: '', content: 'hi' };
const noChange = { metadata: undefined, joinRule: '', historyVisibility: '' };

async function create(change: Partial<typeof group> = {}): Promise<string> {
  const { room } = await servers.pods[0].operations.createRoom(as('ann'), { ...group, ...change });
  return room?.roomId ?? '';
}

async function eventsOf(roomId: string, user = 'ann', rev = 0) {
  const { rooms } = await servers.pods[1].operations.resume(as(user), {
    rooms: [{ roomId, messageId: 0, rev, epoch: 0 }],
  });
  return rooms[0]?.events ?? [];
}

it('numbers every change of a room without gaps and shows it to whoever resumes', async () => {
  const { operations } = servers.pods[0];
  const roomId = await create();
  await operations.addParticipants(as('ann'), { roomId, userIds: ['dan', 'eve', 'bob'] });
  await operations.setRole(as('ann'), { roomId, userId: 'dan', role: 'admin' });
  const metadata = { name: 'Renamed', description: '', avatar: '' };
  const { room } = await operations.updateRoom(as('dan'), { roomId, ...noChange, metadata, joinRule: 'open' });
  expect(room).toMatchObject({ metadata, joinRule: 'open', historyVisibility: 'shared', role: 'admin', rev: 4 });
  await operations.removeParticipant(as('dan'), { roomId, userId: 'eve' });
  await operations.leaveRoom(as('bob'), { roomId });
  const events = await eventsOf(roomId);
  expect(events.map(({ rev, kind, by, userId, role }) => [rev, kind, by, userId, role])).toEqual([
    [1, 'joined', 'ann', 'dan', 'participant'],
    [2, 'joined', 'ann', 'eve', 'participant'],
    [3, 'role', 'ann', 'dan', 'admin'],
    [4, 'updated', 'dan', '', ''],
    [5, 'left', 'dan', 'eve', ''],
    [6, 'left', 'bob', 'bob', ''],
  ]);
  expect(await eventsOf(roomId, 'ann', 4)).toHaveLength(2);
});

it('keeps the numbers gapless when two pods change one room at once', async () => {
  const roomId = await create({ joinRule: 'open' });
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      servers.pods[index % 2 ? 1 : 0].operations.joinRoom(as(`guest-${index}`), { roomId }),
    ),
  );
  expect((await eventsOf(roomId)).map(({ rev }) => rev)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  const { room } = await servers.pods[0].operations.getRoom(as('ann'), { roomId });
  expect(room?.participants).toHaveLength(23);
});

it('keeps the numbers gapless when two pods add many at once, and each person has one', async () => {
  const roomId = await create();
  const newcomers = Array.from({ length: 4 }, (_, batch) =>
    Array.from({ length: 60 }, (_, index) => `n${batch}-${index}`),
  );
  await Promise.all(
    newcomers.map((userIds, batch) =>
      servers.pods[batch % 2 ? 1 : 0].operations.addParticipants(as('ann'), { roomId, userIds }),
    ),
  );
  const events = await eventsOf(roomId);
  expect(events.map(({ rev }) => rev)).toEqual(Array.from({ length: 240 }, (_, index) => index + 1));
  for (const userIds of newcomers) {
    const own = events.filter(({ userId }) => userIds.includes(userId));
    expect(own.map(({ userId }) => userId)).toEqual(userIds);
  }
});

it('writes a room of a thousand people, and as many additions, by a command for all of them', async () => {
  const commands: string[] = [];
  const { client } = servers.pods[0].mongo;
  const note = ({ commandName, command }: CommandStartedEvent): void => {
    commands.push(`${commandName} ${String((command as Record<string, unknown>)[commandName])}`);
  };
  const people = Array.from({ length: 998 }, (_, index) => `p-${index}`);
  client.on('commandStarted', note);
  const roomId = await create({ participants: people.slice(0, 498) });
  await servers.pods[0].operations.addParticipants(as('ann'), { roomId, userIds: people.slice(498) });
  client.off('commandStarted', note);
  const writes = commands.filter((command) => /^(insert|update) (participants|room_events)$/.test(command));
  expect(writes).toEqual(['insert participants', 'insert participants', 'insert room_events']);
  const { room } = await servers.pods[1].operations.getRoom(as('p-997'), { roomId });
  expect([room?.participants.length, room?.rev, room?.memberRev]).toEqual([999, 500, 2]);
});

it('lets people who come back in with those who are new, and leaves who is in as they are', async () => {
  const { operations } = servers.pods[0];
  const roomId = await create({ historyVisibility: 'joined' });
  await operations.leaveRoom(as('cy'), { roomId });
  for (let sent = 0; sent < 3; sent++) await operations.sendMessage(as('ann'), { ...text, roomId });
  await operations.addParticipants(as('ann'), { roomId, userIds: ['bob', 'cy', 'dan'] });
  const marks = async (user: string) => {
    const { room } = await servers.pods[1].operations.getRoom(as(user), { roomId });
    return [room?.deliveredUpTo, room?.readUpTo, room?.unreadCount];
  };
  expect(await Promise.all(['bob', 'cy', 'dan'].map(marks))).toEqual([
    [0, 0, 3],
    [3, 3, 0],
    [3, 3, 0],
  ]);
});

it('lets only owners and admins administer, and nobody someone of their own rank', async () => {
  const { operations } = servers.pods[0];
  const roomId = await create();
  await operations.setRole(as('ann'), { roomId, userId: 'bob', role: 'admin' });
  const denied = [
    operations.updateRoom(as('cy'), { roomId, ...noChange, joinRule: 'open' }),
    operations.addParticipants(as('cy'), { roomId, userIds: ['dan'] }),
    operations.removeParticipant(as('cy'), { roomId, userId: 'bob' }),
    operations.setRole(as('bob'), { roomId, userId: 'cy', role: 'admin' }),
    operations.removeParticipant(as('bob'), { roomId, userId: 'ann' }),
    operations.setRole(as('ann'), { roomId, userId: 'ann', role: 'participant' }),
  ];
  for (const attempt of await Promise.allSettled(denied)) {
    expect(attempt).toMatchObject({ status: 'rejected', reason: { reason: 'PERMISSION_DENIED', outcome: 'rejected' } });
  }
  expect(await eventsOf(roomId)).toHaveLength(1);
});

it('has nobody to administer a 1v1', async () => {
  const { operations } = servers.pods[0];
  const roomId = await create({ roomType: '1v1', participants: ['bob'] });
  await expect(operations.addParticipants(as('ann'), { roomId, userIds: ['cy'] })).rejects.toMatchObject({
    reason: 'PERMISSION_DENIED',
  });
});

it('hands the room on when its owner leaves', async () => {
  const { operations } = servers.pods[0];
  const roomId = await create();
  await operations.setRole(as('ann'), { roomId, userId: 'cy', role: 'admin' });
  await operations.leaveRoom(as('ann'), { roomId });
  expect((await operations.getRoom(as('cy'), { roomId })).room?.role).toBe('owner');
});

it('refuses a removed participant on another pod within two seconds', async () => {
  const [one, two] = servers.pods;
  const roomId = await create();
  await two.operations.sendMessage(as('bob'), { ...text, roomId });
  await one.operations.removeParticipant(as('ann'), { roomId, userId: 'bob' });
  const removedAt = Date.now();
  let acceptedAt = removedAt;
  let outcome = 'accepted';
  while (outcome === 'accepted') {
    const sentAt = Date.now();
    outcome = await two.operations.sendMessage(as('bob'), { ...text, roomId }).then(
      () => 'accepted',
      (error: { reason: string }) => error.reason,
    );
    if (outcome === 'accepted') acceptedAt = sentAt;
  }
  expect(outcome).toBe('ROOM_NOT_FOUND');
  expect(acceptedAt - removedAt).toBeLessThanOrEqual(2_000);
});

it('keeps revocations, the latest for each user', async () => {
  const { operations } = servers.pods[0];
  const first = await operations.revokeUser(as('root'), { userId: 'mallory' });
  const second = await servers.pods[1].operations.revokeUser(as('root'), { userId: 'mallory' });
  expect(second.revokedBefore).toBeGreaterThanOrEqual(first.revokedBefore);
  const { revocations } = await operations.listRevocations(as('root'), { withinMs: 0 });
  expect(revocations).toEqual([{ userId: 'mallory', revokedBefore: second.revokedBefore }]);

  servers.clockOffsetMs = -120_000;
  const earlier = await operations.revokeUser(as('root'), { userId: 'trudy' });
  servers.clockOffsetMs = 0;
  const latest = await operations.listRevocations(as('root'), { withinMs: 60_000 });
  expect(latest.revocations).toEqual(revocations);
  const all = await operations.listRevocations(as('root'), { withinMs: 0 });
  expect(all.revocations).toContainEqual({ userId: 'trudy', revokedBefore: earlier.revokedBefore });
});
