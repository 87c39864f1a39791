import { describe, expect, it } from 'vitest';
import type { SlotMap } from '../cluster/slot-map.js';
import { slotOf } from '../cluster/slot-of.js';
import { type Place, SubscriptionBook } from './subscription-book.js';

const [left, right]: [Place, Place] = [{ node: 'left' }, { node: 'right' }];

/** Channels by the node that owns them; all others are not served. */
function mapOf(owners: Record<string, string>): SlotMap {
  const bySlot = new Map(Object.entries(owners).map(([channel, node]) => [slotOf(channel), node]));
  return { epoch: 1, ownerOf: (slot) => bySlot.get(slot), nodes: new Map() };
}

function confirmed(book: SubscriptionBook, channel: string, place: Place) {
  const subscription = book.want(channel);
  book.send([subscription], place);
  book.confirm(subscription, place);
  return subscription;
}

describe('SubscriptionBook', () => {
  it('groups waiting channels by owner', () => {
    const book = new SubscriptionBook();
    for (const channel of ['a', 'b', 'c']) book.want(channel);
    const groups = book.waitingByOwner(mapOf({ a: 'left', b: 'right' }));
    expect([...groups].map(([node, all]) => [node, all.map(({ channel }) => channel)])).toEqual([
      ['left', ['a']],
      ['right', ['b']],
      [undefined, ['c']],
    ]);
  });

  it('settles the promise of a channel with its first confirmation', async () => {
    const book = new SubscriptionBook();
    await expect(confirmed(book, 'a', left).first.promise).resolves.toBeUndefined();
    expect([book.size, book.confirmedCount]).toEqual([1, 1]);
  });

  it('rejects the promise of a channel that is dropped before', async () => {
    const book = new SubscriptionBook();
    const { first } = book.want('a');
    book.drop('a');
    await expect(first.promise).rejects.toThrow('subscription to a was given up');
  });

  it('remembers that a confirmed channel was interrupted until it is confirmed again', () => {
    const book = new SubscriptionBook();
    const subscription = confirmed(book, 'a', left);
    book.want('b');
    expect(book.releaseAll(left)).toEqual(['a']);
    expect(book.releaseAll(left)).toEqual([]);
    book.send([subscription], right);
    expect(book.confirm(subscription, right)).toBe(true);
    expect(book.confirm(subscription, right)).toBe(false);
  });

  it('releases what the map gives to another node', () => {
    const book = new SubscriptionBook();
    confirmed(book, 'a', left);
    confirmed(book, 'b', left);
    expect([...book.releaseMoved(mapOf({ a: 'left', b: 'right' }))]).toEqual([[left, ['b']]]);
    expect(book.confirmedAt(left).map(({ channel }) => channel)).toEqual(['a']);
  });

  it('does not take the late answer of an old connection for one of the new connection to the same node', () => {
    const book = new SubscriptionBook();
    const subscription = book.want('a');
    const again: Place = { node: 'left' };
    book.send([subscription], left);
    book.releaseAll(left);
    book.send([subscription], again);
    expect(book.confirm(subscription, left)).toBe(false);
    expect(book.release([subscription], left)).toEqual([]);
    expect(subscription.state).toEqual({ kind: 'sent', place: again });
  });

  it('does not take a late answer for a channel that was dropped and wanted again', () => {
    const book = new SubscriptionBook();
    const old = book.want('a');
    book.send([old], left);
    book.drop('a');
    const fresh = book.want('a');
    expect(book.confirm(old, left)).toBe(false);
    expect(fresh.state.kind).toBe('waiting');
  });

  it('needs the nodes that hold a channel or own one', () => {
    const book = new SubscriptionBook();
    confirmed(book, 'a', left);
    book.want('b');
    expect([...book.nodesInUse(mapOf({ a: 'left', b: 'right' }))]).toEqual(['left', 'right']);
    expect([...book.nodesInUse(undefined)]).toEqual(['left']);
  });
});
