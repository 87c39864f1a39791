import { expect, it } from 'vitest';
import type { OutboxStore, StoredSend } from './outbox-store.js';

/** What every {@link OutboxStore} keeps to. Call it inside a `describe` of the adapter. */
export function outboxStoreContract(open: () => Promise<OutboxStore>): void {
  it('gives back what was put, in the order it was first put', async () => {
    const store = await open();
    for (const name of ['b', 'a', 'c']) await store.put(send(name));
    expect(await store.all()).toEqual(['b', 'a', 'c'].map((name) => send(name)));
  });

  it('replaces a message of the same name in its place', async () => {
    const store = await open();
    for (const name of ['a', 'b']) await store.put(send(name));
    const refusal = { code: 'INTERNAL', message: 'no', retryable: true, outcome: 'unknown' } as const;
    await store.put({ ...send('a'), refusal });
    expect(await store.all()).toEqual([{ ...send('a'), refusal }, send('b')]);
  });

  it('forgets what is removed, and does not mind what it never had', async () => {
    const store = await open();
    await store.put(send('a'));
    await store.remove('a');
    await store.remove('never');
    expect(await store.all()).toEqual([]);
  });

  it('puts what comes back after it was removed at the end', async () => {
    const store = await open();
    for (const name of ['a', 'b']) await store.put(send(name));
    await store.remove('a');
    await store.put(send('a'));
    expect((await store.all()).map(({ clientMessageId }) => clientMessageId)).toEqual(['b', 'a']);
  });

  it('does what it is told in that order, though nobody waits in between', async () => {
    const store = await open();
    const names = Array.from({ length: 40 }, (_, index) => `m${index}`);
    const puts = names.map((name) => store.put(send(name)));
    const removals = names.slice(0, 30).map((name) => store.remove(name));
    const all = store.all();
    await Promise.all([...puts, ...removals]);
    expect((await all).map(({ clientMessageId }) => clientMessageId)).toEqual(names.slice(30));
  });

  it('keeps every letter, and the order of the keys in metadata', async () => {
    const store = await open();
    const odd = {
      ...send('odd'),
      content: 'a\nb\u2028c\u0000 "\\ 🦜 \ud800',
      metadata: { z: 1, a: { y: [null, ''], b: 2 } },
    };
    await store.put(odd);
    expect(JSON.stringify((await store.all())[0]?.metadata)).toBe(JSON.stringify(odd.metadata));
    expect((await store.all())[0]?.content).toBe(odd.content);
  });
}

/** What a store keeps to besides that lasts. `open` makes a new place; `again` opens the same one as another program would. */
export function lastingOutboxContract(open: () => Promise<LastingOutbox>): void {
  it('has everything when it is opened again, in the same order', async () => {
    const { store, again } = await open();
    for (const name of ['b', 'a', 'c', 'd']) await store.put(send(name));
    await store.remove('a');
    const later = await again();
    await later.put(send('e'));
    await later.put(send('b'));
    expect(await (await again()).all()).toEqual(['b', 'c', 'd', 'e'].map((name) => send(name)));
  });

  it('has what is left when hundreds have come and gone', async () => {
    const { store, again } = await open();
    await store.put(send('first'));
    for (let round = 0; round < 30; round++) {
      const names = Array.from({ length: 20 }, (_, index) => `${round}.${index}`);
      await Promise.all(names.flatMap((name) => [store.put(send(name)), store.remove(name)]));
    }
    await store.put(send('last'));
    expect(await (await again()).all()).toEqual([send('first'), send('last')]);
  });
}

/** A place that lasts. */
export interface LastingOutbox {
  readonly store: OutboxStore;
  again(): Promise<OutboxStore>;
}

function send(clientMessageId: string): StoredSend {
  return {
    clientMessageId,
    userId: 'me',
    roomId: 'r',
    content: `text of ${clientMessageId}`,
    messageType: 'text',
    metadata: { mood: 'good' },
    createdAt: 1,
  };
}
