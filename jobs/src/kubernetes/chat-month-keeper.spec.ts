import type { MonthDocument, MonthYear } from '@parlance/storage';
import { ObjectId } from 'mongodb';
import { expect, test, vi } from 'vitest';
import type { MonthSight } from '../months/month-rows.js';
import type { ChatMonth } from './chat-month.js';
import { ChatMonthKeeper, type KeeperContext } from './chat-month-keeper.js';
import type { StoredMonth } from './chat-month-writer.js';

/** An API in memory. */
function world() {
  const entries: MonthDocument[] = ['2026-09', '2026-10'].map((month) => ({
    _id: new ObjectId(),
    monthYear: month as MonthYear,
    state: 'OPEN',
    tier: 'hot',
    epoch: 1,
  }));
  const stored = new Map<string, StoredMonth>();
  const writes: string[] = [];
  const events: string[] = [];
  const complaints: string[] = [];
  let clock = 0;
  const api = {
    written: () => Promise.resolve(new Map(stored)),
    write(month: ChatMonth): Promise<StoredMonth> {
      writes.push(month.metadata.name);
      const object = { metadata: { ...month.metadata, uid: month.metadata.name }, status: month.status };
      stored.set(month.metadata.name, object);
      return Promise.resolve(object);
    },
    tell(_: StoredMonth, { type }: { readonly type: string }): Promise<void> {
      events.push(type);
      return Promise.resolve();
    },
  };
  const context: KeeperContext = {
    open: () => Promise.resolve(api),
    readMonths: () =>
      Promise.resolve(
        entries.map((entry): MonthSight => ({ entry, documents: 0, bytes: 0, shards: [], leftBytes: 0 })),
      ),
    instance: 'chat',
    complain: (text) => void complaints.push(text),
    now: () => clock,
  };
  return { entries, stored, writes, events, complaints, api, context, pass: (ms: number) => (clock += ms) };
}

test('what differs is written, at the end too, and what is right is left', async () => {
  const { context, writes, entries, events } = world();
  {
    await using keeper = new ChatMonthKeeper(context);
    keeper.touch();
    await vi.waitFor(() => expect(writes).toEqual(['chat-2026-09', 'chat-2026-10']));
    const steps = [{ step: 'seal', what: 'seal it', reason: 'it has ended', at: new Date() }];
    entries[0] = { ...(entries[0] as MonthDocument), state: 'SEALED', epoch: 2, steps };
  }
  expect(writes).toEqual(['chat-2026-09', 'chat-2026-10', 'chat-2026-09']);
  expect(events).toEqual(['step.parlance.dev/seal']);
  {
    await using again = new ChatMonthKeeper(context);
    again.touch();
  }
  expect(writes).toHaveLength(3);
  expect(events).toHaveLength(1);
});

test('an API that is away is told of once, left alone for a while, and never thrown', async () => {
  const { context, api, complaints, pass, writes } = world();
  const written = vi.spyOn(api, 'written').mockRejectedValue(Object.assign(new Error('no'), { code: 503 }));
  {
    await using keeper = new ChatMonthKeeper(context);
    keeper.touch();
    await vi.waitFor(() => expect(complaints).toHaveLength(1));
    keeper.touch();
  }
  expect(written).toHaveBeenCalledTimes(1);
  expect(complaints).toEqual(['Kubernetes does not show the months as they are, it answered 503; the job goes on\n']);
  {
    await using keeper = new ChatMonthKeeper(context);
    keeper.touch();
    await vi.waitFor(() => expect(written).toHaveBeenCalledTimes(2));
    pass(30_000);
    written.mockRestore();
  }
  expect(writes).toHaveLength(2);
});

test('the last round ends in its time, however many months are left', async () => {
  const { context, api, writes, pass } = world();
  const write = api.write;
  vi.spyOn(api, 'write').mockImplementation((month) => {
    pass(11_000);
    return write(month);
  });
  await new ChatMonthKeeper(context)[Symbol.asyncDispose]();
  expect(writes).toEqual(['chat-2026-09']);
});
