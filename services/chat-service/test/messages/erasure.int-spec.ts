import { applyRetention, eraseUser, quietContext } from '@parlance/jobs';
import {
  addMonths,
  beginEmptying,
  createMonth,
  endEmptying,
  type MonthYear,
  monthOf,
  startOfMonth,
} from '@parlance/storage';
import { describe, expect, it } from 'vitest';
import { redisKeys } from '../../src/events/redis-keys.js';
import { newRoom } from '../fixtures/new-room.js';
import { newText } from '../fixtures/new-text.js';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pods, testConfig } from '../fixtures/start-pods.js';

const day = 86_400_000;
const current = monthOf(Date.now());
let servers: Pods;
sharePods(async (pods) => {
  servers = pods;
  for (let back = 5; back > 0; back--) await createMonth(servers.pods[0].mongo.database, addMonths(current, -back));
});

/** Puts the pods' clock into the middle of a month; every view of a room is old by then. */
function travelTo(month: MonthYear): void {
  servers.clockOffsetMs = startOfMonth(month) + 10 * day - Date.now();
}

/** The pods look at every room again. */
function letTimePass(): void {
  servers.clockOffsetMs += 3_000;
}

function send(userId: string, roomId: string, content: string) {
  const request = { ...newText(roomId, content, `id-of-${content}`), metadataJson: '{"k":"secret"}' };
  return servers.pods[0].operations.sendMessage(as(userId), request);
}

async function history(roomId: string, reader = 'ann') {
  const page = await servers.pods[1].operations.getMessageHistory(as(reader), { roomId, limit: 200, afterId: 0 });
  return page.messages.map(
    ({ messageId, senderId, content, erased }) => `${messageId} ${senderId} ${erased ? 'erased' : content}`,
  );
}

function jobs(now?: number, said: Record<string, unknown>[] = []) {
  const { database } = servers.pods[1].mongo;
  const quiet = quietContext(database);
  const { bodyHashKey } = testConfig;
  const config = { ...quiet.config, bodyHashKey, redisNodes: [{ host: '127.0.0.1', port: servers.redisPort }] };
  const report = {
    plan: (plan: object) => void said.push({ ...plan }),
    done: (_text: string, facts: object = {}) => void said.push({ ...facts }),
    table: () => undefined,
  };
  return quietContext(database, { config, report, ...(now === undefined ? {} : { now: async () => now }) });
}

/** Everything that MongoDB and Redis hold, as text. */
async function everything(): Promise<string> {
  const texts: string[] = [];
  for (const collection of await servers.pods[0].mongo.database.db.collections())
    texts.push(JSON.stringify(await collection.find({}).toArray()));
  const { redis } = servers.pods[0];
  for (const key of await redis.keys('*:messages:*')) texts.push(JSON.stringify(await redis.zrange(key, 0, '-1')));
  return texts.join('\n');
}

describe('erasing a user', () => {
  it('takes what they wrote out of every document and cache, shows it to nobody from the first note on, and stores no retry of it', async () => {
    travelTo(addMonths(current, -1));
    const roomId = await newRoom(servers.pods[0]);
    await send('bob', roomId, 'old-secret-of-bob');
    servers.clockOffsetMs = 0;
    await send('ann', roomId, 'text-of-ann');
    const sent = await send('bob', roomId, 'new-secret-of-bob');
    const renamed = {
      roomId,
      metadata: { name: 'Ann', description: '', avatar: '' },
      joinRule: '',
      historyVisibility: '',
    };
    await servers.pods[0].operations.updateRoom(as('ann'), renamed);
    expect(await history(roomId)).toEqual(['1 bob old-secret-of-bob', '2 ann text-of-ann', '3 bob new-secret-of-bob']);
    expect(await everything()).toContain('secret-of-bob');

    const said: Record<string, unknown>[] = [];
    const surroundings = jobs(undefined, said);
    // Noted, and nothing emptied yet: readers of both pods show nothing, whatever documents and caches hold.
    const stopped = {
      ...surroundings,
      checkpoint: async (name: string) => {
        if (name === 'erase-user:purged') throw new Error('stopped');
      },
    };
    await expect(eraseUser({ userId: 'bob', dryRun: false, settleMs: 0 }, stopped)).rejects.toThrow('stopped');
    letTimePass();
    const shown = ['1 bob erased', '2 ann text-of-ann', '3 bob erased'];
    expect(await history(roomId)).toEqual(shown);
    const again = await send('bob', roomId, 'new-secret-of-bob');
    expect(again).toMatchObject({ deduplicated: true, message: { messageId: 3, content: '', erased: true } });

    expect(await eraseUser({ userId: 'bob', dryRun: false, settleMs: 0 }, surroundings)).toBe(0);
    expect(said.at(-1)).toMatchObject({ userId: 'bob', rooms: [roomId], held: {} });
    expect(await everything()).not.toContain('secret-of-bob');
    expect(await servers.pods[0].redis.exists(redisKeys.messages(roomId, sent.epoch))).toBe(0);
    letTimePass();
    expect(await history(roomId)).toEqual(shown);
    expect(await send('bob', roomId, 'new-secret-of-bob')).toMatchObject({
      deduplicated: true,
      message: { messageId: 3, erased: true },
    });
    expect(await send('bob', roomId, 'old-secret-of-bob')).toMatchObject({
      deduplicated: true,
      message: { messageId: 1, erased: true },
    });
    expect((await send('ann', roomId, 'text-of-ann')).deduplicated).toBe(true);
    expect((await send('bob', roomId, 'said-later')).message?.messageId).toBe(4);
    expect(await history(roomId)).toEqual([...shown, '4 bob said-later']);
    const { rooms } = await servers.pods[0].operations.resume(as('ann'), {
      rooms: [{ roomId, messageId: 4, rev: 0, epoch: 0 }],
    });
    expect(rooms[0]?.events.at(-1)).toMatchObject({ kind: 'erased', userId: 'bob', upToId: 3 });
  });

  it('leaves what the installation has said, whatever it tells of the user', async () => {
    const roomId = await newRoom(servers.pods[0]);
    await send('bob', roomId, 'hello');
    const request = {
      roomId,
      content: 'bob joined',
      senderId: 'system:crm',
      clientMessageId: 'joined',
      metadataJson: '',
    };
    await servers.pods[0].operations.sendSystemMessage(as(''), request);
    expect(await eraseUser({ userId: 'bob', dryRun: false, settleMs: 0 }, jobs())).toBe(0);
    letTimePass();
    expect(await history(roomId)).toEqual(['1 bob erased', '2 system:crm bob joined']);
    expect(await servers.pods[0].operations.sendSystemMessage(as(''), request)).toMatchObject({
      deduplicated: true,
      message: { messageId: 2, messageType: 'system', content: 'bob joined', erased: false },
    });
  });

  it('refuses a room under a hold by the name of the hold, and erases the others', async () => {
    const [held, free] = [await newRoom(servers.pods[0]), await newRoom(servers.pods[0])];
    for (const roomId of [held, free]) await send('bob', roomId, `said-in-${roomId}`);
    const policy = { retentionDays: 0, keepForever: false, legalHold: { name: 'Case 42', by: '', since: 0 } };
    const set = await servers.pods[0].operations.setRoomPolicy(as('counsel'), { roomId: held, policy });
    expect(set.policy?.legalHold).toMatchObject({ name: 'Case 42', by: 'counsel' });
    const said: Record<string, unknown>[] = [];
    expect(await eraseUser({ userId: 'bob', dryRun: false, settleMs: 0 }, jobs(undefined, said))).toBe(4);
    expect(said.at(-1)).toMatchObject({ held: { [held]: 'Case 42' } });
    expect(JSON.stringify(said[0])).toContain('Case 42');
    letTimePass();
    expect(await history(held)).toEqual([`1 bob said-in-${held}`]);
    expect(await history(free)).toEqual(['1 bob erased']);

    await servers.pods[0].operations.setRoomPolicy(as('counsel'), { roomId: held, policy: undefined });
    expect(await eraseUser({ userId: 'bob', dryRun: false, settleMs: 0 }, jobs())).toBe(0);
    letTimePass();
    expect(await history(held)).toEqual(['1 bob erased']);
  });
});

describe('a hold', () => {
  it('is set at once, and answered when nobody may empty messages of its room any more', async () => {
    const { operations, mongo } = servers.pods[0];
    const roomId = await newRoom(servers.pods[0]);
    await beginEmptying(mongo.database, [roomId], 'a job', 600_000);
    let isAnswered = false;
    const policy = { retentionDays: 0, keepForever: false, legalHold: { name: 'Case 45', by: '', since: 0 } };
    const setting = operations.setRoomPolicy(as('counsel'), { roomId, policy }).then((answer) => {
      isAnswered = true;
      return answer;
    });
    const room = () => mongo.database.rooms.findOne({ roomId });
    await expect.poll(room, { timeout: 60_000 }).toMatchObject({ policy: { legalHold: { name: 'Case 45' } } });
    expect((await beginEmptying(mongo.database, [roomId], 'a job', 1)).held).toEqual(new Map([[roomId, 'Case 45']]));
    expect(isAnswered).toBe(false);
    await endEmptying(mongo.database, [roomId], 'a job');
    expect((await setting).policy?.legalHold).toMatchObject({ name: 'Case 45', by: 'counsel' });
  });
});

describe('retention', () => {
  it('hides whole months, shows them again when asked, erases them thirty days later, and does nothing under a hold', async () => {
    const { operations } = servers.pods[0];
    travelTo(addMonths(current, -4));
    const roomId = await newRoom(servers.pods[0]);
    for (const content of ['a', 'b']) await send('ann', roomId, content);
    servers.clockOffsetMs = 0;
    for (const content of ['c', 'd']) await send('bob', roomId, content);
    const policyOf = (retentionDays: number, name?: string) =>
      operations.setRoomPolicy(as('admin'), {
        roomId,
        policy: { retentionDays, keepForever: false, legalHold: name ? { name, by: '', since: 0 } : undefined },
      });
    const at = startOfMonth(addMonths(current, -2)) + 20 * day;
    const apply = (now: number, said?: Record<string, unknown>[]) =>
      applyRetention({ dryRun: false, undo: undefined }, jobs(now, said));
    const view = async () => {
      letTimePass();
      const page = await operations.getMessageHistory(as('bob'), { roomId, limit: 200, afterId: 0 });
      return {
        ids: page.messages.map(({ messageId }) => messageId),
        truncated: page.truncated,
        first: page.firstAvailableId,
      };
    };

    await policyOf(30, 'Case 43');
    const said: Record<string, unknown>[] = [];
    expect(await apply(at, said)).toBe(4);
    expect(JSON.stringify(said[0])).toContain('Case 43');
    expect(await view()).toEqual({ ids: [1, 2, 3, 4], truncated: false, first: 1 });

    await policyOf(30);
    expect(await apply(at)).toBe(0);
    expect(await view()).toEqual({ ids: [3, 4], truncated: true, first: 3 });
    const { rooms } = await operations.resume(as('bob'), { rooms: [{ roomId, messageId: 0, rev: 0, epoch: 0 }] });
    expect(rooms[0]).toMatchObject({ truncated: true, firstAvailableId: 3, messages: [] });

    expect(await applyRetention({ dryRun: false, undo: roomId }, jobs(at))).toBe(0);
    expect(await view()).toEqual({ ids: [1, 2, 3, 4], truncated: false, first: 1 });
    expect(await applyRetention({ dryRun: false, undo: roomId }, jobs(at))).toBe(3);

    expect(await apply(at)).toBe(0);
    const textsOf = async () =>
      (
        await servers.pods[0].mongo.database
          .messages(addMonths(current, -4))
          .find({ roomId })
          .sort({ messageId: 1 })
          .toArray()
      ).map((slot) => slot.kind ?? (slot.erasedAt ? 'erased' : slot.content));
    expect(await apply(at + 29 * day)).toBe(0);
    expect(await textsOf()).toEqual(['a', 'b', 'seal']);
    await policyOf(30, 'Case 44');
    expect(await apply(at + 31 * day)).toBe(4);
    expect(await textsOf()).toEqual(['a', 'b', 'seal']);
    await policyOf(30);
    expect(await apply(at + 31 * day)).toBe(0);
    expect(await textsOf()).toEqual(['erased', 'erased', 'seal']);
    expect(await applyRetention({ dryRun: false, undo: roomId }, jobs(at))).not.toBe(0);
    expect((await view()).ids.at(-1)).toBe(4);
  });
});
