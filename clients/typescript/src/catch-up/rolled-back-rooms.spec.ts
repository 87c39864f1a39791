import type { ChatMessage, ChatRoom } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import { someMessage, someRoom, someState } from '../../test/fakes/room-states.js';
import { contents, restore, withTen } from '../../test/fakes/ten-messages.js';
import type { Requester } from '../connection/connection.js';
import { ParlanceError } from '../parlance-error.js';
import type { RoomStore } from '../rooms/room-store.js';
import { reduceRoom } from '../rooms/state/reduce-room.js';
import { type Deferred, deferred } from '../time/deferred.js';
import { contradicts, RolledBackRooms } from './rolled-back-rooms.js';

describe('a room whose log has gone back by five messages', () => {
  it('is loaded anew when a connection finds it shorter than it was, and shows what comes then', async () => {
    const { client, gateway, clock, told } = await withTen();
    gateway.cut();
    gateway.rooms.get('r')?.goBack(5);
    await clock.pass(2_000);
    expect(contents(client)).toEqual(['5']);
    expect(told).toEqual([['r', 5]]);
    for (let id = 6; id <= 10; id++) gateway.post('r', 'ann', `new ${id}`);
    await clock.pass(2_000);
    expect(contents(client)).toEqual(['5', 'new 6', 'new 7', 'new 8', 'new 9', 'new 10']);
    expect(client.room('r')?.unreadCount).toBe(10);
    await client.loadOlder('r');
    expect(contents(client)?.slice(0, 5)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('is loaded anew when heads tell it, on a connection that stays', async () => {
    const { client, gateway, clock, told } = await withTen();
    gateway.rooms.get('r')?.goBack(5);
    gateway.emit('heads', { r: { head: 5, rev: 0, epoch: 1 } });
    await clock.pass(2_000);
    expect(contents(client)).toEqual(['5']);
    expect(told).toEqual([['r', 5]]);
  });

  it('is loaded anew when another message has the place of one that is shown', async () => {
    const { client, gateway, clock, told } = await withTen();
    gateway.rooms.get('r')?.goBack(5);
    for (let id = 6; id <= 12; id++) gateway.post('r', 'ann', `new ${id}`);
    await clock.pass(3_000);
    expect(contents(client)).toEqual(['new 12']);
    await client.loadOlder('r');
    expect(contents(client)?.slice(4)).toEqual(['5', 'new 6', 'new 7', 'new 8', 'new 9', 'new 10', 'new 11', 'new 12']);
    expect(told[0]?.[0]).toBe('r');
    expect(client.room('r')?.room.head).toBe(12);
  });

  it('tells its new messages as delivered and read, though higher ids were told before', async () => {
    const { client, gateway, clock } = await withTen();
    client.markRead('r');
    await clock.pass(1_000);
    gateway.cut();
    gateway.rooms.get('r')?.goBack(5);
    await clock.pass(2_000);
    gateway.post('r', 'ann', 'new');
    client.markRead('r');
    await clock.pass(1_000);
    expect(gateway.rooms.get('r')?.marks.get('me')).toEqual({ delivered: 6, read: 6 });
  });

  it('sends again what had its place there and was not shown yet', async () => {
    const { client, gateway, clock } = await withTen();
    gateway.passes = () => false;
    gateway.post('r', 'ann', 'lost on the way');
    expect((await client.send('r', 'mine').done).messageId).toBe(12);
    gateway.cut();
    gateway.rooms.get('r')?.goBack(5);
    gateway.passes = () => true;
    await clock.pass(5_000);
    expect(gateway.rooms.get('r')?.messages.at(-1)).toMatchObject({ messageId: 6, content: 'mine' });
    expect(client.room('r')?.pending).toEqual([]);
    expect(contents(client)).toEqual(['5', 'mine']);
  });

  it('tells of own messages that were acknowledged and are gone, and of no others', async () => {
    const { client, gateway, clock } = await withTen();
    const lost: string[] = [];
    client.on('messageLost', ({ content }) => void lost.push(content));
    for (const content of ['kept', 'gone', 'gone too']) await client.send('r', content).done;
    gateway.cut();
    restore(gateway, 11);
    await clock.pass(2_000);
    expect(lost).toEqual(['gone', 'gone too']);
    expect(contents(client)).toEqual(['kept']);
    expect(client.room('r')?.pending).toEqual([]);
    expect(gateway.requestsOf('sendMessage').length).toBe(3);
  });

  it('whose events alone have gone back is described anew', async () => {
    const { client, gateway, clock, told } = await withTen();
    const room = gateway.rooms.get('r');
    gateway.cut();
    room?.change({ kind: 'updated', name: 'Lunch' });
    await clock.pass(2_000);
    expect(client.room('r')?.room.metadata).toEqual({ name: 'Lunch' });
    gateway.cut();
    room?.goBack(10, 0);
    if (room) room.metadata = {};
    await clock.pass(2_000);
    expect(client.room('r')?.room).toMatchObject({ metadata: {}, rev: 0 });
    expect(told.length).toBe(1);
  });
});

describe('RolledBackRooms', () => {
  it('loads a room once at a time, tells what does not hold any more, and loads it again the next time', async () => {
    const { rooms, calls, answers } = rolledBackRooms();
    const reloads = [rooms.reload('r'), rooms.reload('r'), rooms.reload('gone')];
    answers.shift()?.resolve({ data: someRoom({ head: 5 }) });
    await Promise.all(reloads);
    expect(calls).toEqual(['joinRoom r', 'forget r', 'restart r', 'restarted r']);
    void rooms.reload('r');
    expect(calls.at(-1)).toBe('joinRoom r');
    expect(answers.length).toBe(1);
  });

  it('tells why a room could not be loaded, unless the connection ended, and tries again the next time', async () => {
    const { rooms, calls, answers } = rolledBackRooms();
    for (const error of [ParlanceError.disconnected('unknown'), ParlanceError.from('why', 'STORE_UNAVAILABLE')]) {
      const reload = rooms.reload('r');
      answers.shift()?.reject(error);
      await reload;
    }
    expect(calls).toEqual(['joinRoom r', 'joinRoom r', 'failed STORE_UNAVAILABLE']);
  });
});

describe('a message in the place of another', () => {
  const state = reduceRoom(someState({}, 4), { kind: 'messages', messages: [someMessage(5), someMessage(6)] });

  it.each<[string, number, Partial<ChatMessage>, boolean]>([
    ['is none when it is the same', 6, {}, false],
    ['is one of another sender', 6, { senderId: 'bob' }, true],
    ['is one of another name', 5, { clientMessageId: 'x' }, true],
    ['is none where nothing is shown', 7, { senderId: 'bob' }, false],
    ['is none below what is shown', 4, { senderId: 'bob' }, false],
  ])('%s', (_title, id, more, is) => {
    expect(contradicts(state, someMessage(id, more))).toBe(is);
  });

  it('is none in a room that shows nothing', () => {
    expect(contradicts(someState(), someMessage(0))).toBe(false);
  });
});

describe('an answer that is only old', () => {
  it('does not make a room begin anew: the log itself is asked', async () => {
    const { client, gateway, clock, told } = await withTen();
    gateway.emit('heads', { r: { head: 5, rev: 0, epoch: 1 } });
    await clock.pass(5_000);
    expect(contents(client)?.at(-1)).toBe('10');
    expect(told).toEqual([]);
    expect(gateway.requestsOf('joinRoom')).toEqual([]);
  });
});

/** Rooms of which `r` is known; `calls` are what was done, in order, and `answers` those of `joinRoom`, to be given. */
function rolledBackRooms() {
  const calls: string[] = [];
  const answers: Deferred<unknown>[] = [];
  const store = {
    state: (roomId: string) => (roomId === 'r' ? someState() : undefined),
    restart: ({ roomId }: ChatRoom) => void calls.push(`restart ${roomId}`),
  };
  const connection = {
    request(name: string, { roomId }: { readonly roomId: string }) {
      calls.push(`${name} ${roomId}`);
      const answer = deferred<unknown>();
      answers.push(answer);
      return answer.promise;
    },
    report: ({ code }: ParlanceError) => void calls.push(`failed ${code}`),
  };
  const rooms = new RolledBackRooms(
    store as unknown as RoomStore,
    connection as unknown as Requester,
    (roomId) => void calls.push(`forget ${roomId}`),
    (roomId) => void calls.push(`restarted ${roomId}`),
  );
  return { rooms, calls, answers };
}
