import { describe, expect, it } from 'vitest';
import { settled } from '../../test/fakes/fake-clock.js';
import { failure } from '../../test/fakes/fake-gateway.js';
import { fakeStack } from '../../test/fakes/fake-stack.js';
import { restarted, storedSend } from '../../test/fakes/restarted.js';
import type { OutboxStore, StoredSend } from './stores/outbox-store.js';

describe('what an earlier program left in the outbox', () => {
  it('is pending again in its order, and sent under its old names before anything new', async () => {
    const { client, gateway, clock } = await restarted([storedSend('a'), storedSend('b')]);
    client.on('state', (state) => {
      if (state === 'online') client.send('r', 'new');
    });
    gateway.intervene('sendMessage', failure('RATE_LIMITED', { retryable: true, retryAfterMs: 1_000 }));
    await client.connect();
    await settled();
    expect(client.room('r')?.pending.map(({ content }) => content)).toEqual(['text of a', 'text of b', 'new']);
    await clock.pass(5_000);
    expect(gateway.requestsOf('sendMessage').map(({ clientMessageId }) => clientMessageId)).toEqual([
      'a',
      'a',
      'b',
      'c1',
    ]);
    expect(contents(client.room('r')?.messages)).toEqual(['text of a', 'text of b', 'new']);
    expect(client.room('r')?.pending).toEqual([]);
  });

  it('is over as soon as the log shows it, without being sent', async () => {
    const { client, gateway, outbox } = await restarted([storedSend('a'), storedSend('b')]);
    gateway.post('r', 'me', 'text of a', 'a');
    gateway.intervene('sendMessage', 'lost');
    gateway.passes = () => false;
    await client.connect();
    await settled();
    expect(client.room('r')?.pending.map(({ content }) => content)).toEqual(['text of b']);
    expect(names(await outbox.all())).toEqual(['b']);
  });

  it('is over when somebody pages back to where the log shows it', async () => {
    const { client, gateway, outbox } = await restarted([storedSend('a')]);
    gateway.post('r', 'me', 'text of a', 'a');
    for (let id = 2; id <= 9; id++) gateway.post('r', 'ann', `${id}`);
    gateway.intervene('sendMessage', failure('PERMISSION_DENIED'));
    await client.connect();
    await settled();
    expect(client.room('r')?.pending).toMatchObject([{ state: 'failed', error: { outcome: 'unknown' } }]);
    await client.loadOlder('r', 4);
    expect(client.room('r')?.pending.length).toBe(1);
    await client.loadOlder('r', 4);
    expect(client.room('r')?.pending).toEqual([]);
    expect(await outbox.all()).toEqual([]);
  });

  it('may be in the log already, so that a refusal does not settle it', async () => {
    const { client, gateway } = await restarted([storedSend('a')]);
    gateway.intervene('sendMessage', failure('PERMISSION_DENIED'));
    await client.connect();
    await settled();
    expect(client.room('r')?.pending).toMatchObject([{ state: 'failed', error: { outcome: 'unknown' } }]);
  });

  it('waits for its user when somebody else comes, unsent and untouched', async () => {
    const left = [storedSend('a'), { ...storedSend('x'), userId: 'somebody else' }, storedSend('b')];
    const { client, gateway, outbox, clock } = await restarted(left);
    await client.connect();
    await clock.pass(1_000);
    expect(contents(gateway.rooms.get('r')?.messages)).toEqual(['text of a', 'text of b']);
    expect(await outbox.all()).toEqual([left[1]]);
  });

  it('is told as an error and over when its room is not the user’s any more', async () => {
    const { client, gateway, outbox } = await restarted([{ ...storedSend('a'), roomId: 'gone' }, storedSend('b')]);
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    await client.connect();
    await settled();
    expect(errors).toEqual(['ROOM_NOT_FOUND']);
    expect(contents(gateway.rooms.get('r')?.messages)).toEqual(['text of b']);
    expect(await outbox.all()).toEqual([]);
  });

  it('stays refused when it was refused for good, until somebody decides', async () => {
    const first = await restarted([]);
    await first.client.connect();
    first.gateway.intervene('sendMessage', failure('MESSAGE_TOO_LARGE'), failure('MESSAGE_TOO_LARGE'));
    for (const text of ['one', 'two']) first.client.send('r', text);
    await first.clock.pass(100);
    const { client, gateway, outbox } = await restarted(await first.outbox.all());
    await client.connect();
    await settled();
    const refused = { state: 'failed', error: { code: 'MESSAGE_TOO_LARGE', outcome: 'rejected' } };
    expect(client.room('r')?.pending).toMatchObject([refused, refused]);
    expect(gateway.requestsOf('sendMessage')).toEqual([]);
    client.retry('r', 'c1');
    client.discard('r', 'c2');
    await settled();
    expect(contents(client.room('r')?.messages)).toEqual(['one']);
    expect(await outbox.all()).toEqual([]);
  });
});

describe('an outbox', () => {
  it('has a message before its first attempt leaves, and no longer than until the log shows it', async () => {
    const { client, gateway, outbox } = await restarted([]);
    await client.connect();
    const kept: (readonly string[])[] = [];
    gateway.fate = (name) => {
      if (name === 'sendMessage') void outbox.all().then((all) => kept.push(names(all)));
      return undefined;
    };
    await client.send('r', 'hello').done;
    await settled();
    expect(kept).toEqual([['c1']]);
    expect(await outbox.all()).toEqual([]);
  });

  it('keeps what was written before the first connection once it is known who wrote it', async () => {
    const { client, gateway, outbox } = await restarted([]);
    client.send('r', 'early');
    await settled();
    expect(await outbox.all()).toEqual([]);
    gateway.intervene('sendMessage', failure('SHUTTING_DOWN', { retryable: true }));
    await client.connect();
    await settled();
    expect(await outbox.all()).toMatchObject([{ clientMessageId: 'c1', userId: 'me', content: 'early' }]);
  });

  it('does not mind what the sender does with the metadata afterwards', async () => {
    const { client, gateway } = await restarted([]);
    const metadata = { mood: 'good' };
    client.send('r', 'hello', { metadata });
    metadata.mood = 'bad';
    await client.connect();
    await settled();
    expect(gateway.requestsOf('sendMessage')).toMatchObject([{ metadata: { mood: 'good' } }]);
  });

  it('that fails is told of, and the message is sent all the same', async () => {
    const full = (): Promise<never> => Promise.reject(new Error('the disk is full'));
    const { client, clock } = await restarted([], { put: full, remove: full });
    const errors: unknown[] = [];
    client.on('error', ({ code, message }) => errors.push({ code, message }));
    await client.connect();
    await client.send('r', 'hello').done;
    await clock.pass(0);
    expect(client.room('r')?.pending).toEqual([]);
    expect(errors).toEqual([
      { code: 'OUTBOX_FAILED', message: 'The outbox could not keep a message: the disk is full' },
      { code: 'OUTBOX_FAILED', message: 'The outbox could not forget a message: the disk is full' },
    ]);
  });

  it('that does not answer is waited for five seconds', async () => {
    const { client, clock } = await restarted([], { put: () => new Promise(() => undefined) });
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    await client.connect();
    await settled();
    const pending = client.send('r', 'hello');
    await clock.pass(4_999);
    expect(client.room('r')?.pending).toMatchObject([{ state: 'queued' }]);
    await clock.pass(1);
    expect((await pending.done).messageId).toBe(1);
    expect(errors).toEqual(['OUTBOX_FAILED']);
  });

  it('that could not be read is read again with the next connection', async () => {
    const broken: Partial<OutboxStore> = { all: () => Promise.reject(new Error('not now')) };
    const { client, gateway, clock } = await restarted([storedSend('a')], broken);
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    await client.connect();
    await client.send('r', 'new').done;
    expect(errors).toEqual(['OUTBOX_FAILED']);
    delete broken.all;
    gateway.cut();
    await clock.pass(1_000);
    expect(contents(gateway.rooms.get('r')?.messages)).toEqual(['new', 'text of a']);
  });

  it('gives a user back what waited, when another one was signed in meanwhile', async () => {
    const { client, gateway, clock, outbox } = await restarted([]);
    await client.connect();
    await settled();
    gateway.cut();
    const pending = client.send('r', 'mine');
    await settled();
    gateway.userId = 'ann';
    await clock.pass(1_000);
    await expect(pending.done).rejects.toMatchObject({ code: 'CLOSED', outcome: 'unknown' });
    expect(client.room('r')?.pending).toEqual([]);
    expect(names(await outbox.all())).toEqual(['c1']);
    gateway.cut();
    gateway.userId = 'me';
    await clock.pass(1_000);
    expect(gateway.rooms.get('r')?.messages).toMatchObject([{ senderId: 'me', content: 'mine' }]);
    expect(await outbox.all()).toEqual([]);
  });

  it('may be shared: what two programs send at once is stored once, whoever forgets it first', async () => {
    const { gateway, outbox, clock, client: one } = await restarted([storedSend('a'), storedSend('b')]);
    gateway.fate = (name) => (name === 'sendMessage' ? failure('SHUTTING_DOWN', { retryable: true }) : undefined);
    await one.connect();
    await settled();
    const other = fakeStack({ outbox }, { clock, openSocket: gateway.openSocket, newId: () => 'of the other' }).client;
    await other.connect();
    await settled();
    expect(contents(other.room('r')?.pending)).toEqual(['text of a', 'text of b']);
    gateway.fate = () => undefined;
    await clock.pass(30_000);
    expect(contents(gateway.rooms.get('r')?.messages)).toEqual(['text of a', 'text of b']);
    for (const program of [one, other]) expect(program.room('r')?.pending).toEqual([]);
    expect(await outbox.all()).toEqual([]);
  });
});

function names(all: readonly StoredSend[]): readonly string[] {
  return all.map(({ clientMessageId }) => clientMessageId);
}

function contents(all: readonly { readonly content: string }[] = []): readonly string[] {
  return all.map(({ content }) => content);
}
