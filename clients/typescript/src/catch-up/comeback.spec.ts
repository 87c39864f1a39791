import { describe, expect, it } from 'vitest';
import { settled } from '../../test/fakes/fake-clock.js';
import { cutBy } from '../../test/fakes/fake-gateway.js';
import { type FakeStack, fakeStack } from '../../test/fakes/fake-stack.js';

describe('coming back', () => {
  it('asks for nothing when no room has moved', async () => {
    const { client, gateway, clock } = await inRooms(150);
    gateway.requests.length = 0;
    gateway.cut();
    await clock.pass(120_000);
    expect(client.state).toBe('online');
    expect(gateway.requests).toEqual([]);
  });

  it('resumes the rooms that have moved, and no others', async () => {
    const { client, gateway, clock } = await inRooms(150);
    gateway.requests.length = 0;
    gateway.cut();
    gateway.rooms.get('r3')?.append('ann', 'missed', 'c');
    gateway.rooms.get('r7')?.change({ kind: 'updated', name: 'Lunch' });
    await clock.pass(1_000);
    expect(gateway.requestsOf('resume').map(({ rooms }) => Object.keys(rooms))).toEqual([['r3', 'r7']]);
    expect(client.room('r3')?.lastMessage?.content).toBe('missed');
    expect(client.room('r7')?.room.metadata).toEqual({ name: 'Lunch' });
    expect(gateway.requestsOf('listRooms')).toEqual([]);
  });

  it('loses a room that the user was removed from, which ready does not name', async () => {
    const { client, gateway, clock } = await inRooms(3);
    gateway.cut();
    gateway.rooms.get('r1')?.change({ kind: 'left', userId: 'me' });
    await clock.pass(1_000);
    expect([...client.rooms.keys()].toSorted()).toEqual(['r0', 'r2']);
  });

  it('asks for the receipts of at most five rooms with an own newest message, those of latest activity', async () => {
    const { client, gateway, clock } = await inRooms(20);
    for (let index = 0; index < 12; index++) {
      await client.send(`r${index}`, 'mine').done;
      await clock.pass(1_000);
    }
    gateway.rooms.get('r11')?.mark('ann', 'read', 2);
    gateway.requests.length = 0;
    gateway.cut();
    await clock.pass(1_000);
    const asked = gateway.requestsOf('resume').flatMap(({ rooms }) => Object.keys(rooms));
    expect(asked).toEqual(['r11', 'r10', 'r9', 'r8', 'r7']);
    expect(client.room('r11')?.lastMessage?.status).toBe('read');
  });

  it('refreshes a room that somebody looks at', async () => {
    const { client, gateway, clock } = await inRooms(3);
    client.open('r2');
    await settled();
    gateway.requests.length = 0;
    gateway.cut();
    await clock.pass(1_000);
    expect(gateway.requestsOf('resume').map(({ rooms }) => Object.keys(rooms))).toEqual([['r2']]);
  });

  it('finds what moved, came and went beyond the rooms that ready names', async () => {
    const { client, gateway, clock } = await inRooms(260);
    gateway.cut();
    gateway.rooms.get('r230')?.append('ann', 'missed', 'c');
    gateway.rooms.get('r240')?.change({ kind: 'left', userId: 'me' });
    gateway.addRoom('new').append('ann', 'hello', 'c');
    gateway.requests.length = 0;
    await clock.pass(5_000);
    expect(client.room('r230')?.lastMessage?.content).toBe('missed');
    expect(client.room('r240')).toBeUndefined();
    expect(client.room('new')?.lastMessage?.content).toBe('hello');
    const asked = gateway.requestsOf('resume').flatMap(({ rooms }) => Object.keys(rooms));
    expect(asked.toSorted()).toEqual(['new', 'r230', 'r240']);
  });
});

describe('an answer that is more than the connection can take', () => {
  it('is asked for in smaller parts, down to one room, until all of it is there', async () => {
    const { client, gateway, clock } = await inRooms(40);
    gateway.requests.length = 0;
    gateway.cut();
    for (const room of gateway.rooms.values()) room.append('ann', 'missed', 'c');
    gateway.fate = (name) => {
      const { rooms = {} } = (gateway.requests.at(-1)?.payload ?? {}) as { rooms?: object };
      return name === 'resume' && Object.keys(rooms).length > 3 ? cutBy(gateway, 'nobody') : undefined;
    };
    await clock.pass(120_000);
    expect([...client.rooms.values()].every(({ lastMessage }) => lastMessage?.content === 'missed')).toBe(true);
    const sizes = gateway.requestsOf('resume').map(({ rooms }) => Object.keys(rooms).length);
    expect(sizes).toEqual([40, 20, 10, 5, ...Array.from({ length: 20 }, () => 2)]);
  });

  it('that is cut to a budget is gone on with at once while it brings anything', async () => {
    const { client, gateway, clock } = await inRooms(40);
    gateway.cut();
    for (const room of gateway.rooms.values()) for (let id = 0; id < 30; id++) room.append('ann', `${id}`, `c${id}`);
    gateway.resumeMessages = 100;
    await clock.pass(200);
    for (let turn = 0; turn < 20; turn++) await settled();
    expect([...client.rooms.values()].every(({ lastMessage }) => lastMessage?.content === '29')).toBe(true);
  });
});

/** A client, connected, that is in rooms `r0`, `r1`, ... with a message of somebody else in each. */
async function inRooms(count: number): Promise<FakeStack> {
  const stack = fakeStack();
  for (let index = 0; index < count; index++) stack.gateway.addRoom(`r${index}`).append('ann', 'hello', 'h');
  await stack.client.connect();
  await stack.clock.pass(5_000);
  return stack;
}
