import type { MonthYear } from '@parlance/storage';
import { describe, expect, it } from 'vitest';
import type { ClientKey, StoredSlot } from '../slots/message-store.js';
import { SealedSegments } from './sealed-segments.js';

const month = '2026-10' as MonthYear;
const now = Date.UTC(2026, 10, 3);
const day = 86_400_000;
const key = (clientMessageId: string, senderId = 'ann'): ClientKey => ({ senderId, clientMessageId });

describe('client ids of a sealed segment', () => {
  it('are read once a room, and looked up only where they seem to be there', async () => {
    const { segments, reads } = over([seal(), message('b'), message('a')]);
    expect(await segments.find('r', month, [key('new')])).toEqual([]);
    expect(await segments.find('r', month, [key('newer'), key('a', 'bob')])).toEqual([]);
    expect(await segments.find('r', month, [key('newest'), key('a')])).toMatchObject([{ clientMessageId: 'a' }]);
    expect(reads).toEqual(['newest', 'lookup a']);
  });

  it('are each looked up while the newest slot is no seal: that would be an old primary’s answer', async () => {
    const { segments, reads } = over([message('b')]);
    await segments.find('r', month, [key('new')]);
    expect(reads).toEqual(['newest', 'lookup new']);
    const empty = over([]);
    await empty.segments.find('r', month, [key('new')]);
    expect(empty.reads).toEqual(['newest', 'lookup new']);
  });

  it('are each looked up in a room that said more than is remembered in the days in which retries come', async () => {
    const busy = over([seal(), ...Array.from({ length: 12_000 }, (_, index) => message(`${index}`, now - day))]);
    await busy.segments.find('r', month, [key('new')]);
    expect(busy.reads).toEqual(['newest', 'lookup new']);

    const long = over([
      seal(),
      ...Array.from({ length: 12_000 }, (_, index) => message(`${index}`, now - index * 100_000)),
    ]);
    expect(await long.segments.find('r', month, [key('new')])).toEqual([]);
    expect(await long.segments.find('r', month, [key('5')])).toHaveLength(1);
    expect(long.reads).toEqual(['newest', 'lookup 5']);
  });

  it('are read again for another month, after they were forgotten and when nobody has asked for them', async () => {
    let time = now;
    const { segments, reads } = over([seal(), message('a')], () => time);
    await segments.find('r', month, [key('new')]);
    await segments.find('r', '2026-09' as MonthYear, [key('new')]);
    segments.forget('r');
    await segments.find('r', '2026-09' as MonthYear, [key('new')]);
    time += 5 * 60_000;
    segments.forgetIdle();
    await segments.find('r', '2026-09' as MonthYear, [key('new')]);
    expect(reads).toEqual(['newest', 'newest', 'newest']);
    time += 5 * 60_000 + 1;
    segments.forgetIdle();
    await segments.find('r', '2026-09' as MonthYear, [key('new')]);
    expect(reads).toHaveLength(4);
  });
});

function over(newestFirst: readonly StoredSlot[], time = () => now) {
  const reads: string[] = [];
  const store = {
    readNewest: async (_month: MonthYear, _roomId: string, limit: number) => {
      reads.push('newest');
      return newestFirst.slice(0, limit);
    },
    findByClientKeys: async (_month: MonthYear, _roomId: string, keys: readonly ClientKey[]) => {
      reads.push(`lookup ${keys.map(({ clientMessageId }) => clientMessageId).join()}`);
      return newestFirst.filter((slot) =>
        keys.some(
          ({ senderId, clientMessageId }) => slot.senderId === senderId && slot.clientMessageId === clientMessageId,
        ),
      );
    },
  };
  return { segments: new SealedSegments(store, time), reads };
}

function message(clientMessageId: string, timestamp = now - day): StoredSlot {
  return { kind: 'message', senderId: 'ann', clientMessageId, timestamp } as StoredSlot;
}

function seal(): StoredSlot {
  return { kind: 'seal', senderId: '', clientMessageId: '', timestamp: now - day } as StoredSlot;
}
