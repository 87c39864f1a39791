import { type InsertOutcome, type MonthYear, monthOf } from '@parlance/storage';
import { describe, expect, it } from 'vitest';
import type { NewSlot } from '../slots/message-store.js';
import { GroupCommit, type GroupCommitOptions, type WaitingRoom } from './group-commit.js';

describe('a quiet pod', () => {
  it('sends each message at once, and no timer is set', async () => {
    const { clock, commit, commands } = world();
    for (let index = 0; index < 50; index++) {
      commit.offer(room(`room-${index}`, 1));
      await turn();
      expect(commands.map(({ rooms }) => rooms)).toContainEqual([`room-${index}`]);
      clock.time += 5;
    }
    expect(clock.timers).toEqual([]);
  });
});

describe('a busy pod', () => {
  it('gathers what comes until the next command is due', async () => {
    const { clock, commit, commands } = await busy();
    for (let index = 0; index < 20; index++) {
      commit.offer(room(`late-${index}`, 1));
      clock.time += 1;
      await turn();
    }
    expect(commands).toEqual([]);
    expect(clock.timers).toHaveLength(1);
    clock.ring();
    expect(commands.map(({ rooms }) => rooms.length)).toEqual([20]);
  });

  it('sends at most one command for 20 of the messages that come at 1,000 a second', async () => {
    const { clock, commit, commands } = world();
    let sent = 0;
    for (clock.time = 0; clock.time < 2_000; clock.time++) {
      commit.offer(room(`room-${clock.time}`, 1));
      await turn();
      clock.ringDue();
      // Each takes 4 ms.
      for (const command of commands) if (command.at === clock.time - 4) command.end();
      if (clock.time === 1_000) sent = commands.length;
    }
    expect((commands.length - sent) / 1_000).toBeLessThanOrEqual(0.05);
  });

  it('does not wait any longer for a command that is full', async () => {
    const { clock, commit, commands } = await busy({ messages: 10 });
    for (let index = 0; index < 10; index++) commit.offer(room(`late-${index}`, 1));
    await turn();
    expect(commands.map(({ rooms }) => rooms.length)).toEqual([10]);
    // Its timer has nothing left to do.
    for (const _ of clock.timers) clock.ring();
    expect(commands).toHaveLength(1);
  });

  it('has no timer when nothing waits', async () => {
    const { clock, commit, commands } = await busy();
    commit.offer(room('last', 1));
    await turn();
    clock.ring();
    commands[0]?.end();
    await turn();
    expect(clock.timers).toEqual([]);
  });
});

describe('rooms that have something to write', () => {
  it('share an ordered command, each with its messages one behind the other', async () => {
    const { commit, commands } = world();
    commit.offer(room('a', 3));
    commit.offer(room('b', 1));
    commit.offer(room('c', 2));
    await turn();
    expect(commands).toMatchObject([{ ordered: true, rooms: ['a', 'a', 'a', 'b', 'c', 'c'] }]);
  });

  it('fill a command up to its limit, and go on in the next one', async () => {
    const { commit, commands } = world({ messages: 4, roomMessages: 3 });
    for (const name of ['a', 'b', 'c']) commit.offer(room(name, 3));
    await turn();
    expect(commands.map(({ rooms }) => rooms.join(''))).toEqual(['aaab', 'ccc']);
  });

  it('share no command across months', async () => {
    const { commit, commands } = world();
    commit.offer(room('a', 1));
    commit.offer(room('b', 1, '2026-12' as MonthYear));
    await turn();
    expect(commands.map(({ rooms }) => rooms)).toEqual([['a'], ['b']]);
  });

  it('behind a router share a command only where each has one message, which is unordered', async () => {
    const { commit, commands } = world({ sharesOrdered: () => false });
    commit.offer(room('a', 1));
    commit.offer(room('b', 2));
    commit.offer(room('c', 1));
    await turn();
    expect(commands).toMatchObject([
      { ordered: false, rooms: ['a', 'c'] },
      { ordered: true, rooms: ['b', 'b'] },
    ]);
  });
});

const month = monthOf(Date.UTC(2026, 10, 15));

interface Command {
  readonly rooms: readonly string[];
  readonly ordered: boolean;
  readonly at: number;
  end(): void;
}

/** Commands that end when they are told to, on a clock that stands still. */
function world(options: GroupCommitOptions = {}) {
  const commands: Command[] = [];
  const clock = {
    time: 0,
    timers: [] as { readonly at: number; readonly ring: () => void }[],
    elapsedMs: () => clock.time,
    after: (ms: number, ring: () => void) => void clock.timers.push({ at: clock.time + ms, ring }),
    ring: () => clock.timers.shift()?.ring(),
    ringDue: () => {
      while (clock.timers[0] && clock.timers[0].at <= clock.time) clock.ring();
    },
  };
  const insert = (_month: MonthYear, slots: readonly NewSlot[], ordered: boolean): Promise<InsertOutcome[]> =>
    new Promise((resolve) => {
      const end = (): void => resolve(slots.map(() => ({ kind: 'committed' })));
      commands.push({ rooms: slots.map(({ roomId }) => roomId), ordered, end, at: clock.time });
    });
  const commit = new GroupCommit(insert, clock, { commandsInFlight: 100, ...options });
  return { clock, commit, commands };
}

/** A pod that has just sent a command after much has come. */
async function busy(options: GroupCommitOptions = {}) {
  const each = world({ roomMessages: 64, ...options });
  each.commit.offer(room('first', 64));
  each.commit.offer(room('second', 64));
  await turn();
  each.commands.length = 0;
  return each;
}

function room(roomId: string, messages: number, monthYear = month): WaitingRoom {
  let waiting = messages;
  return {
    get waiting() {
      return waiting;
    },
    get ready() {
      return waiting > 0;
    },
    month: monthYear,
    expire: () => undefined,
    take: (most) => {
      const count = Math.min(most, waiting);
      waiting -= count;
      const slots = Array.from({ length: count }, () => ({ roomId }) as NewSlot);
      return { slots, sends: [], characters: count, settle: () => undefined };
    },
  };
}

const turn = (): Promise<void> => new Promise(setImmediate);
