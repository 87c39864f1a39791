import { describe, expect, it } from 'vitest';
import { settled } from '../../test/fakes/fake-clock.js';
import { connected, type FakeStack, fakeStack } from '../../test/fakes/fake-stack.js';

describe('a room that is open', () => {
  it('learns within 30 s that a message was read, though the push of that was lost (R12)', async () => {
    const { client, gateway, clock } = await connected();
    await client.send('r', 'read this').done;
    client.open('r');
    await settled();
    gateway.rooms.get('r')?.mark('ann', 'read', 1);
    await clock.pass(29_999);
    expect(client.room('r')?.lastMessage?.status).toBe('sent');
    await clock.pass(1);
    expect(client.room('r')?.lastMessage).toMatchObject({ status: 'read', readBy: [{ userId: 'ann' }] });
  });

  it('is asked for at once and then every 30 s, until the last one who opened it closes it', async () => {
    const { client, gateway, clock } = await connected();
    const asked = (): number => gateway.requestsOf('resume').length - before;
    const before = gateway.requestsOf('resume').length;
    const closes = [client.open('r'), client.open('r')];
    await clock.pass(29_999);
    expect(asked()).toBe(1);
    await clock.pass(1);
    const first = asked();
    closes[0]?.();
    closes[0]?.();
    await clock.pass(60_000);
    expect(asked()).toBe(first + 2);
    closes[1]?.();
    await clock.pass(300_000);
    expect(asked()).toBe(first + 2);
    expect(gateway.requestsOf('resume').at(-1)).toEqual({ rooms: { r: { id: 0, rev: 0, epoch: 1 } } });
  });

  it('is asked for by no timer without a connection, and again with the next one', async () => {
    const { client, gateway, clock } = await connected();
    client.close();
    client.open('r');
    expect(clock.waiting).toBe(0);
    const before = gateway.requestsOf('resume').length;
    await client.connect();
    await clock.pass(60_000);
    expect(gateway.requestsOf('resume').length).toBe(before + 3);
  });
});

describe('the window of a room', () => {
  it('keeps the newest messages only, tells of every one, and pages the others back', async () => {
    const { client, gateway } = await connected({ messagesPerRoom: 5 });
    const told: number[] = [];
    client.on('message', ({ messageId }) => told.push(messageId));
    for (let id = 1; id <= 12; id++) gateway.post('r', 'ann', `${id}`);
    expect(ids(client)).toEqual([8, 9, 10, 11, 12]);
    expect(client.room('r')?.hasOlder).toBe(true);
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(await client.loadOlder('r', 4)).toBe(true);
    expect(ids(client)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('tells of every message that came while away, also of more than it keeps', async () => {
    const { client, gateway, clock } = await connected({ messagesPerRoom: 5 });
    const told: number[] = [];
    client.on('message', ({ messageId }) => told.push(messageId));
    gateway.cut();
    for (let id = 1; id <= 30; id++) gateway.rooms.get('r')?.append('ann', `${id}`, `c${id}`);
    await clock.pass(1_000);
    expect(told).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(ids(client)).toEqual([26, 27, 28, 29, 30]);
  });

  it('keeps what was paged back while new messages come, until the room is closed', async () => {
    const { client, gateway } = await connected({ messagesPerRoom: 5 });
    for (let id = 1; id <= 12; id++) gateway.post('r', 'ann', `${id}`);
    const close = client.open('r');
    await client.loadOlder('r', 4);
    for (let id = 13; id <= 20; id++) gateway.post('r', 'ann', `${id}`);
    expect(ids(client)).toEqual(Array.from({ length: 17 }, (_, index) => index + 4));
    close();
    expect(ids(client)).toEqual([16, 17, 18, 19, 20]);
    gateway.post('r', 'ann', '21');
    expect(ids(client)).toEqual([17, 18, 19, 20, 21]);
  });

  it('takes an older page though new messages came while it was on its way', async () => {
    const { client, gateway } = await connected({ messagesPerRoom: 5 });
    for (let id = 1; id <= 12; id++) gateway.post('r', 'ann', `${id}`);
    const page = client.loadOlder('r', 3);
    for (let id = 13; id <= 15; id++) gateway.post('r', 'ann', `${id}`);
    await page;
    expect(ids(client)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  });

  it.each([0, -1, 1.5, Number.NaN])('has a whole number of messages above 0, not %d', (messagesPerRoom) => {
    expect(() => fakeStack({ messagesPerRoom })).toThrow(RangeError);
  });
});

function ids(client: FakeStack['client']): readonly number[] | undefined {
  return client.room('r')?.messages.map(({ messageId }) => messageId);
}
