import { describe, expect, it } from 'vitest';
import { settled } from '../../../test/fakes/fake-clock.js';
import { cutBy, type FakeGateway, failure } from '../../../test/fakes/fake-gateway.js';
import { connected } from '../../../test/fakes/fake-stack.js';
import { restarted, storedSend } from '../../../test/fakes/restarted.js';
import type { SocketBlame } from '../../socket/socket-ended.js';

describe('a message above a limit of the server', () => {
  it.each([
    ['content', 30_000, '\u6f22', {}],
    ['content by its bytes', 5_462, '\u6f22', {}],
    ['the event by its escapes', 16_384, '\u0001', {}],
    ['metadata', 1, 'x', { note: '\u6f22'.repeat(2_731) }],
    ['metadata and content together', 9_700, '\u0001', { note: '\u6f22'.repeat(2_700) }],
  ])('is refused here (%s), and the connection stays', async (_what, length, text, metadata) => {
    const { client, gateway, clock } = await connected();
    const large = client.send('r', text.repeat(length), { metadata });
    expect(large.state).toBe('failed');
    const small = client.send('r', 'small');
    await expect(large.done).rejects.toMatchObject({
      code: 'MESSAGE_TOO_LARGE',
      outcome: 'rejected',
      retryable: false,
    });
    expect((await small.done).messageId).toBe(1);
    await clock.pass(60_000);
    expect(gateway.requestsOf('sendMessage').map(({ content }) => content)).toEqual(['small']);
    expect(gateway.targets.length).toBe(1);
    expect(client.room('r')?.pending).toMatchObject([{ state: 'failed' }]);
    client.discard('r', large.clientMessageId);
    expect(client.room('r')?.pending).toEqual([]);
  });

  it.each([
    ['content', '\u6f22'.repeat(5_461), {}],
    ['metadata', 'x', { note: '\u6f22'.repeat(2_727) }],
    ['the event', '\u0001'.repeat(10_800), {}],
  ])('begins one byte later: %s at the limit goes', async (_what, content, metadata) => {
    const { client } = await connected();
    expect((await client.send('r', content, { metadata }).done).messageId).toBe(1);
  });

  it('is refused as soon as the limits are known, also when an earlier program has left it', async () => {
    const stack = await restarted([{ ...storedSend('a'), content: '\u6f22'.repeat(30_000) }, storedSend('b')]);
    const early = stack.client.send('r', 'x'.repeat(16_385));
    expect(early.state).toBe('queued');
    await stack.client.connect();
    await stack.clock.pass(60_000);
    await expect(early.done).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
    const large = { state: 'failed', error: { code: 'MESSAGE_TOO_LARGE' } };
    expect(stack.client.room('r')?.pending).toMatchObject([large, large]);
    expect(stack.gateway.rooms.get('r')?.messages.map(({ content }) => content)).toEqual(['text of b']);
    expect(stack.gateway.targets.length).toBe(1);
    expect(await stack.outbox.all()).toMatchObject([
      { refusal: { code: 'MESSAGE_TOO_LARGE' } },
      { refusal: { code: 'MESSAGE_TOO_LARGE' } },
    ]);
    for (const name of ['a', 'c1']) stack.client.discard('r', name);
    await settled();
    expect(await stack.outbox.all()).toEqual([]);
  });
});

describe('a message under which the connection ends', () => {
  it.each([
    ['sent', 2],
    ['server', 4],
  ] as const)('for the reason %s is sent %d times, and never again', async (blame, times) => {
    const { client, gateway, clock } = await connected();
    cutAt('poison', gateway, blame);
    const poison = client.send('r', 'poison');
    const next = client.send('r', 'next');
    await clock.pass(600_000);
    await expect(poison.done).rejects.toMatchObject({ code: 'DISCONNECTED', retryable: false, outcome: 'unknown' });
    expect((await next.done).messageId).toBe(1);
    expect(attempts(gateway, 'poison')).toBe(times);
    expect(client.state).toBe('online');
    client.discard('r', poison.clientMessageId);
    expect(client.room('r')?.pending).toEqual([]);
  });

  it('is not sent a third time by another program, and waits there for a decision', async () => {
    const first = await restarted([]);
    await first.client.connect();
    cutAt('poison', first.gateway, 'sent');
    first.client.send('r', 'poison');
    await settled();
    first.client.close();
    expect(attempts(first.gateway, 'poison')).toBe(1);
    const second = await restarted(await first.outbox.all());
    await second.client.connect();
    cutAt('poison', second.gateway, 'sent');
    await second.clock.pass(600_000);
    expect(attempts(second.gateway, 'poison')).toBe(1);
    const third = await restarted(await second.outbox.all());
    await third.client.connect();
    await third.clock.pass(600_000);
    expect(third.client.room('r')?.pending).toMatchObject([{ content: 'poison', state: 'failed' }]);
    expect(attempts(third.gateway, 'poison')).toBe(0);
    third.client.retry('r', 'c1');
    await settled();
    expect(third.client.room('r')?.messages).toMatchObject([{ content: 'poison' }]);
    expect(await third.outbox.all()).toEqual([]);
  });

  it('does not take those of other rooms with it that were under way', async () => {
    const { client, gateway, clock } = await connected();
    const others = ['s', 't', 'u'].map((roomId) => gateway.addRoom(roomId).roomId);
    await clock.pass(2_000);
    cutAt('poison', gateway, 'sent');
    client.send('r', 'poison');
    const innocent = others.map((roomId) => client.send(roomId, `in ${roomId}`));
    await clock.pass(600_000);
    expect(await Promise.all(innocent.map(({ done }) => done))).toMatchObject(others.map((roomId) => ({ roomId })));
    expect(client.room('r')?.pending).toMatchObject([{ state: 'failed' }]);
  });

  it('is sent for as long as it takes when only the network is bad', async () => {
    const { client, gateway, clock } = await connected();
    let cuts = 0;
    gateway.fate = (name) => {
      if (name !== 'sendMessage' || ++cuts > 20) return undefined;
      return cutBy(gateway, 'nobody');
    };
    const pending = client.send('r', 'patient');
    await clock.pass(600_000);
    expect((await pending.done).messageId).toBe(1);
  });

  it('is not blamed any more once the server has answered', async () => {
    const { client, gateway, clock, outbox } = await restarted([{ ...storedSend('a'), cuts: 3 }]);
    gateway.intervene('sendMessage', failure('SHUTTING_DOWN', { retryable: true }), cutBy(gateway, 'server'));
    await client.connect();
    await clock.pass(60_000);
    expect(gateway.rooms.get('r')?.head).toBe(1);
    expect(await outbox.all()).toEqual([]);
  });
});

describe('many participants', () => {
  it('are added in as many events as fit, in one where that fits', async () => {
    const { client, gateway } = await connected();
    await client.addParticipants('r', ['bob', 'carl']);
    const ids = Array.from({ length: 999 }, (_, index) => `${index}`.padStart(128, 'x'));
    const room = await client.addParticipants('r', ids);
    expect(room.participants).toEqual(expect.arrayContaining(ids));
    expect(gateway.requestsOf('addParticipants').map(({ userIds }) => userIds.length)).toEqual([2, 499, 499, 1]);
    expect(gateway.targets.length).toBe(1);
  });

  it('of whom some were added have an outcome that is not known', async () => {
    const { client, gateway } = await connected();
    const ids = Array.from({ length: 999 }, (_, index) => `${index}`.padStart(128, 'x'));
    let calls = 0;
    gateway.fate = (name) => (name === 'addParticipants' && ++calls === 2 ? failure('ROOM_FULL') : undefined);
    await expect(client.addParticipants('r', ids)).rejects.toMatchObject({ code: 'ROOM_FULL', outcome: 'unknown' });
  });

  it('of a new room that are too many for one event are refused here, and the connection stays', async () => {
    const { client, gateway, clock } = await connected();
    const participants = Array.from({ length: 999 }, (_, index) => `${index}`.padStart(128, 'x'));
    const created = client.createRoom({ roomType: 'group', participants });
    await expect(created).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE', outcome: 'rejected' });
    await clock.pass(60_000);
    expect([gateway.targets.length, client.state]).toEqual([1, 'online']);
  });
});

function cutAt(content: string, gateway: FakeGateway, blame: SocketBlame): void {
  gateway.fate = (name) =>
    name === 'sendMessage' && gateway.requestsOf('sendMessage').at(-1)?.content === content
      ? cutBy(gateway, blame)
      : undefined;
}

function attempts(gateway: FakeGateway, content: string): number {
  return gateway.requestsOf('sendMessage').filter((payload) => payload.content === content).length;
}
