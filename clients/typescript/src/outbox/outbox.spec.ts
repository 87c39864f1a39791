import { describe, expect, it } from 'vitest';
import { settled } from '../../test/fakes/fake-clock.js';
import { failure } from '../../test/fakes/fake-gateway.js';
import { connected } from '../../test/fakes/fake-stack.js';

describe('sending', () => {
  it('shows a message as pending at once, and in its place once it is stored', async () => {
    const { client, gateway } = await connected();
    const pending = client.send('r', 'hello', { metadata: { mood: 'good' } });
    expect(client.room('r')?.pending).toMatchObject([{ clientMessageId: 'c1', content: 'hello', state: 'queued' }]);
    const message = await pending.done;
    expect(message).toMatchObject({ messageId: 1, content: 'hello', clientMessageId: 'c1' });
    expect(client.room('r')?.messages.map(({ content }) => content)).toEqual(['hello']);
    expect(client.room('r')?.pending).toEqual([]);
    expect(gateway.requestsOf('sendMessage')).toEqual([
      { clientMessageId: 'c1', roomId: 'r', content: 'hello', messageType: 'text', metadata: { mood: 'good' } },
    ]);
  });

  it('has one message of a room under way, so that none can overtake it, and rooms do not wait for each other', async () => {
    const { client, gateway, clock } = await connected();
    gateway.addRoom('s');
    gateway.intervene('sendMessage', 'lost', 'lost');
    gateway.passes = () => false;
    for (let index = 1; index <= 3; index++) client.send('r', `${index}`);
    const other = client.send('s', 'elsewhere');
    await settled();
    expect(client.room('r')?.pending.map(({ state }) => state)).toEqual(['sending', 'queued', 'queued']);
    await clock.pass(60_000);
    expect(gateway.rooms.get('r')?.messages.map(({ content }) => content)).toEqual(['1', '2', '3']);
    expect((await other.done).messageId).toBe(1);
    expect(client.room('r')?.pending).toEqual([]);
  });

  it('sends again under the same name when no answer came, and the message is stored once', async () => {
    const { client, gateway, clock } = await connected();
    gateway.intervene('sendMessage', 'lost');
    gateway.passes = () => false;
    const pending = client.send('r', 'once');
    await clock.pass(60_000);
    expect((await pending.done).messageId).toBe(1);
    expect(gateway.requestsOf('sendMessage').map(({ clientMessageId }) => clientMessageId)).toEqual(['c1', 'c1']);
    expect(gateway.rooms.get('r')?.messages.length).toBe(1);
  });

  it('waits as long as the server asks for, and nothing of the room overtakes', async () => {
    const { client, gateway, clock } = await connected();
    gateway.intervene('sendMessage', failure('RATE_LIMITED', { retryable: true, retryAfterMs: 3_000 }));
    const first = client.send('r', 'first');
    await settled();
    const second = client.send('r', 'second');
    await clock.pass(2_999);
    expect(client.room('r')?.pending).toMatchObject([
      { state: 'queued', error: { code: 'RATE_LIMITED', retryable: true } },
      { state: 'queued' },
    ]);
    await clock.pass(20_000);
    expect([(await first.done).messageId, (await second.done).messageId]).toEqual([1, 2]);
  });

  it('keeps what is written without a connection, and sends it with the next one', async () => {
    const { client, gateway, clock } = await connected();
    gateway.cut();
    const pending = client.send('r', 'in a tunnel');
    expect(client.room('r')?.pending).toMatchObject([{ state: 'queued' }]);
    await clock.pass(1_000);
    expect((await pending.done).content).toBe('in a tunnel');
  });

  it('fails a message that is refused for good, and goes on with those behind it', async () => {
    const { client, gateway, clock } = await connected();
    gateway.intervene('sendMessage', failure('MESSAGE_TOO_LARGE'));
    const refused = client.send('r', 'too large');
    const next = client.send('r', 'fine');
    await expect(refused.done).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE', outcome: 'rejected' });
    expect((await next.done).messageId).toBe(1);
    expect(client.room('r')?.pending).toMatchObject([{ content: 'too large', state: 'failed' }]);
    client.retry('r', 'c1');
    await clock.pass(0);
    expect(client.room('r')?.messages.map(({ content }) => content)).toEqual(['fine', 'too large']);
  });

  it('forgets a failed message when told to', async () => {
    const { client, gateway } = await connected();
    gateway.intervene('sendMessage', failure('PERMISSION_DENIED'));
    await client.send('r', 'x').done.catch(() => undefined);
    client.discard('r', 'c1');
    expect(client.room('r')?.pending).toEqual([]);
  });

  it('does not take a refusal for the whole truth when an earlier attempt may have been stored', async () => {
    const { client, gateway, clock } = await connected();
    gateway.passes = () => false;
    gateway.intervene('sendMessage', 'lost', failure('NOT_A_PARTICIPANT'));
    const pending = client.send('r', 'perhaps');
    await clock.pass(30_000);
    await expect(pending.done).rejects.toMatchObject({ code: 'NOT_A_PARTICIPANT', outcome: 'unknown' });
    gateway.emit('newMessage', gateway.rooms.get('r')?.messages[0], 'surely');
    expect(client.room('r')?.pending).toEqual([]);
    expect(client.room('r')?.messages.map(({ content }) => content)).toEqual(['perhaps']);
  });

  it('keeps a stored message pending until those before it are there', async () => {
    const { client, gateway, clock } = await connected();
    gateway.passes = () => false;
    gateway.post('r', 'ann', 'lost on the way');
    const pending = client.send('r', 'mine');
    expect((await pending.done).messageId).toBe(2);
    expect(client.room('r')?.messages).toEqual([]);
    expect(client.room('r')?.pending.map(({ content }) => content)).toEqual(['mine']);
    await clock.pass(1_500);
    expect(client.room('r')?.messages.map(({ content }) => content)).toEqual(['lost on the way', 'mine']);
    expect(client.room('r')?.pending).toEqual([]);
  });

  it('rejects what waits in a room that is gone', async () => {
    const { client, gateway } = await connected();
    gateway.cut();
    const pending = client.send('r', 'too late');
    await client.leaveRoom('r').catch(() => undefined);
    expect(client.room('r')).toBeDefined();
    gateway.rooms.get('r')?.change({ kind: 'left', userId: 'me' });
    await client.connect();
    await expect(pending.done).rejects.toMatchObject({ code: 'NOT_A_PARTICIPANT' });
  });
});

describe('a failure of the server itself', () => {
  const internal = failure('INTERNAL', { retryable: true, outcome: 'unknown' });

  it('is tried eight times, then left to the user with an outcome that is not known', async () => {
    const { client, gateway, clock } = await connected();
    gateway.fate = (name) => (name === 'sendMessage' ? internal : undefined);
    const pending = client.send('r', 'unlucky');
    await clock.pass(600_000);
    await expect(pending.done).rejects.toMatchObject({ code: 'INTERNAL', outcome: 'unknown' });
    expect(client.room('r')?.pending).toMatchObject([
      { state: 'failed', error: { code: 'INTERNAL', retryable: true, outcome: 'unknown' } },
    ]);
    expect(gateway.requestsOf('sendMessage').length).toBe(8);
    gateway.fate = () => undefined;
    client.retry('r', 'c1');
    await clock.pass(0);
    expect(client.room('r')?.messages.map(({ content }) => content)).toEqual(['unlucky']);
    expect(client.room('r')?.pending).toEqual([]);
  });

  it('holds those behind it up until it is given up', async () => {
    const { client, gateway, clock } = await connected();
    gateway.intervene('sendMessage', ...Array.from({ length: 8 }, () => internal));
    client.send('r', 'unlucky');
    const next = client.send('r', 'next');
    await clock.pass(600_000);
    expect((await next.done).messageId).toBe(1);
    expect(client.room('r')?.pending.map(({ state }) => state)).toEqual(['failed']);
  });

  it.each(['STORE_UNAVAILABLE', 'DEADLINE_EXCEEDED', 'SHUTTING_DOWN', 'RATE_LIMITED'] as const)(
    'is not what %s is: that is tried until it passes',
    async (code) => {
      const { client, gateway, clock } = await connected();
      const busy = failure(code, { retryable: true });
      gateway.intervene('sendMessage', ...Array.from({ length: 100 }, () => busy));
      const pending = client.send('r', 'patient');
      await clock.pass(100 * 21_000);
      expect((await pending.done).messageId).toBe(1);
    },
  );
});
