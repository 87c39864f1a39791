import { describe, expect, it } from 'vitest';
import { FakeClock, settled } from '../../../test/fakes/fake-clock.js';
import { type FakeStack, fakeStack } from '../../../test/fakes/fake-stack.js';
import { storedSend } from '../../../test/fakes/restarted.js';
import { deferred } from '../../time/deferred.js';
import { memoryOutbox } from './memory-outbox.js';
import { OutboxKeeper } from './outbox-keeper.js';
import type { OutboxStore } from './outbox-store.js';

describe('a store that never answers', () => {
  it('is waited for once, told of once, and stops nothing after that', async () => {
    const { client, clock, gateway, errors } = await onStore(silentStore().store);
    const start = clock.now();
    const leftAt: number[] = [];
    gateway.fate = (name) => {
      if (name === 'sendMessage') leftAt.push(clock.now() - start);
      return undefined;
    };
    for (const text of ['one', 'two', 'three']) client.send('r', text);
    await clock.pass(5_000);
    expect(leftAt).toEqual([5_000, 5_000, 5_000]);
    for (const text of ['four', 'five']) {
      client.send('r', text);
      await settled();
    }
    gateway.cut();
    await clock.pass(60_000);
    client.send('r', 'six');
    await settled();
    expect(gateway.rooms.get('r')?.head).toBe(6);
    expect(errors).toEqual(['OUTBOX_FAILED: The outbox could not do what it was asked for: it does not answer']);
    expect(client.room('r')?.pending).toEqual([]);
  });

  it('that falls silent later holds nothing up for longer either', async () => {
    const silent = silentStore();
    silent.answer();
    const { client, clock, gateway } = await onStore(silent.store);
    await client.send('r', 'well').done;
    silent.fallSilent();
    for (const text of ['one', 'two', 'three']) client.send('r', text);
    await clock.pass(2_000);
    for (const text of ['four', 'five']) client.send('r', text);
    await clock.pass(3_000);
    expect(gateway.rooms.get('r')?.messages.map(({ content }) => content)).toEqual([
      'well',
      'one',
      'two',
      'three',
      'four',
      'five',
    ]);
  });

  it('gets what waits when it answers after all, and what it had comes then', async () => {
    const silent = silentStore();
    await silent.inner.put(storedSend('earlier'));
    const { client, clock, gateway, errors } = await onStore(silent.store);
    await clock.pass(5_000);
    await client.send('r', 'arrived').done;
    gateway.fate = (name) => (name === 'sendMessage' ? 'lost' : undefined);
    client.send('r', 'waits');
    gateway.fate = () => () => undefined;
    await clock.pass(100);
    silent.answer();
    await settled();
    expect((await silent.inner.all()).map(({ content }) => content)).toEqual(['text of earlier', 'waits']);
    expect(client.room('r')?.pending.map(({ content }) => content)).toEqual(['text of earlier', 'waits']);
    gateway.fate = () => undefined;
    await clock.pass(60_000);
    expect(gateway.rooms.get('r')?.messages.map(({ content }) => content)).toEqual([
      'arrived',
      'text of earlier',
      'waits',
    ]);
    expect(await silent.inner.all()).toEqual([]);
    expect(errors.length).toBe(1);
  });

  it('is looked at every 30 s while there is a connection, and by no timer without one', async () => {
    const silent = silentStore();
    const { client, clock } = await onStore(silent.store);
    await clock.pass(5_000);
    const before = silent.asked();
    await clock.pass(65_000);
    expect(silent.asked() - before).toBe(2);
    client.close();
    await clock.pass(10_000);
    expect(clock.waiting).toBe(0);
  });

  it('is waited for again once it has been well', async () => {
    const silent = silentStore();
    const clock = new FakeClock();
    const told: string[] = [];
    const keeper = new OutboxKeeper(
      silent.store,
      clock,
      () => void told.push('failed'),
      () => void told.push('healed'),
    );
    keeper.resume();
    const first = keeper.put(storedSend('a'));
    await clock.pass(5_000);
    await first;
    silent.answer();
    await settled();
    await keeper.put(storedSend('b'));
    expect((await silent.inner.all()).map(({ clientMessageId }) => clientMessageId)).toEqual(['a', 'b']);
    silent.fallSilent();
    void keeper.put(storedSend('c'));
    await clock.pass(5_000);
    expect(told).toEqual(['failed', 'healed', 'failed']);
  });
});

describe('a store that fails now and then', () => {
  it('gets later what it could not take, in the order of the last wishes', async () => {
    const inner = memoryOutbox();
    let fails = true;
    const store: OutboxStore = {
      ...inner,
      put: (send) => (fails ? Promise.reject(new Error('full')) : inner.put(send)),
    };
    const clock = new FakeClock();
    const keeper = new OutboxKeeper(
      store,
      clock,
      () => undefined,
      () => undefined,
    );
    keeper.resume();
    for (const name of ['a', 'b', 'c']) await keeper.put(storedSend(name));
    keeper.remove('b');
    await settled();
    fails = false;
    await keeper.put({ ...storedSend('c'), cuts: 1 });
    await settled();
    expect(await inner.all()).toEqual([{ ...storedSend('c'), cuts: 1 }, storedSend('a')]);
  });
});

/** A client on a store, connected, in the room `r`; `errors` are told as they come. */
async function onStore(outbox: OutboxStore): Promise<FakeStack & { readonly errors: readonly string[] }> {
  const stack = fakeStack({ outbox });
  const errors: string[] = [];
  stack.client.on('error', ({ code, message }) => errors.push(`${code}: ${message}`));
  stack.gateway.addRoom('r');
  await stack.client.connect();
  await settled();
  return { ...stack, errors };
}

/** A store that answers nothing until it is told to, and then everything in the order in which it was asked. */
function silentStore() {
  const inner = memoryOutbox();
  let asked = 0;
  let opening = deferred<void>();
  const afterOpening = <Result>(work: () => Promise<Result>): Promise<Result> => {
    asked += 1;
    return opening.promise.then(work);
  };
  const store: OutboxStore = {
    all: () => afterOpening(() => inner.all()),
    put: (send) => afterOpening(() => inner.put(send)),
    remove: (name) => afterOpening(() => inner.remove(name)),
  };
  return {
    inner,
    store,
    asked: () => asked,
    answer: () => opening.resolve(),
    fallSilent: () => {
      opening = deferred<void>();
    },
  };
}
