import type { WireMessage } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import type { StoredRoom } from '../rooms/stored-room.js';
import type { IdRange } from '../slots/message-store.js';
import { SharedMessages } from './shared-messages.js';

describe('SharedMessages', () => {
  it('reads a range once for all who ask for it at the same time', async () => {
    const { ask, read, results } = shared();
    const pages = await Promise.all(Array.from({ length: 100 }, () => ask(1, 50)));
    expect(pages.every((page) => page.join() === ids(1, 50).join())).toBe(true);
    expect(read).toEqual(['r1 1-50']);
    await ask(2, 3);
    expect(results).toEqual(['miss', ...Array.from({ length: 100 }, () => 'hit')]);
  });

  it('answers parts of what was read, and of neighbouring ranges, for five seconds', async () => {
    const { ask, read, pass } = shared();
    await ask(1, 32);
    await ask(33, 50);
    expect(await ask(20, 40)).toEqual(ids(20, 40));
    await ask(40, 60);
    expect(await ask(2, 59)).toEqual(ids(2, 59));
    expect(read).toEqual(['r1 1-32', 'r1 33-50', 'r1 40-60']);
    pass(5_001);
    await ask(2, 59);
    expect(read).toHaveLength(4);
  });

  it('does not join ranges between which messages are missing', async () => {
    const { ask, read } = shared();
    await ask(1, 10);
    await ask(12, 20);
    expect(await ask(1, 20)).toEqual(ids(1, 20));
    expect(read).toHaveLength(3);
  });

  it('knows nothing of a log of another epoch', async () => {
    const { ask, read } = shared();
    await ask(1, 10);
    await ask(1, 10, 2);
    expect(read).toEqual(['r1 1-10', 'r2 1-10']);
  });

  it('remembers nothing of the months before, and of a month that is sealed', async () => {
    const { ask, read } = shared();
    const segments = [{ firstId: 1 }, { firstId: 11 }];
    for (const from of [1, 10, 11]) await ask(from, 20, 1, 'r', segments);
    await ask(11, 20, 1, 'r', segments);
    expect(read).toHaveLength(3);
    const sealed = [{ firstId: 1, end: { head: 20, timestamp: 0 } }];
    for (let count = 0; count < 2; count++) await ask(1, 20, 1, 'sealed', sealed);
    expect(read).toHaveLength(5);
  });

  it('lets each try for itself when the read that they share fails', async () => {
    const { ask, read, fail } = shared();
    fail();
    const [first, second] = await Promise.allSettled([ask(1, 10), ask(1, 10)]);
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
    expect(read).toHaveLength(2);
  });

  it('keeps few: the rooms that were read last', async () => {
    const { ask, read, messages } = shared(100_000);
    for (let room = 0; room < 60; room++) await ask(1, 1, room);
    await ask(1, 1, 59, 'r');
    expect(read).toHaveLength(60);
    for (let room = 0; room < 60; room++) await ask(1, 1, 1, `room ${room}`);
    read.length = 0;
    await ask(1, 1, 1, 'room 59');
    await ask(1, 1, 1, 'room 0');
    expect(read).toEqual(['room 01 1-1']);
    expect(messages.usualCharacters({ roomId: 'room 59', epoch: 1 })).toBeGreaterThan(100_000);
  });
});

function shared(characters = 10) {
  let now = 0;
  let failing = false;
  const read: string[] = [];
  const results: string[] = [];
  const messages = new SharedMessages(
    async ({ roomId, epoch }, { from, to }) => {
      read.push(`${roomId}${epoch} ${from}-${to}`);
      const fails = failing;
      failing = false;
      await Promise.resolve();
      if (fails) throw new Error('away');
      return ids(from, to).map(
        (messageId) => ({ messageId, content: 'x'.repeat(characters), metadataJson: '' }) as WireMessage,
      );
    },
    () => now,
    (result) => void results.push(result),
  );
  return {
    messages,
    read,
    results,
    pass: (ms: number) => void (now += ms),
    fail: () => void (failing = true),
    async ask(
      from: number,
      to: number,
      epoch = 1,
      roomId = 'r',
      segments: readonly object[] = [{ firstId: 1 }],
    ): Promise<number[]> {
      const range: IdRange = { from, to };
      const got = await messages.range({ roomId, epoch, segments } as unknown as StoredRoom, range, range, 0);
      return got.map(({ messageId }) => messageId);
    },
  };
}

function ids(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
