import { describe, expect, it } from 'vitest';
import type { LogEnd } from '../rooms/log-end.js';
import type { StoredRoom } from '../rooms/stored-room.js';
import { RecentEnds } from './recent-ends.js';

describe('RecentEnds', () => {
  it('reads the end of a log once for all who ask within two seconds', async () => {
    const { recent, log, pass } = someEnds();
    log.head = 5;
    expect((await recent.atLeast(0, room(), never)).head).toBe(5);
    pass(2_000);
    expect((await recent.atLeast(5, room(), never)).head).toBe(5);
    expect(log.reads).toBe(1);
    pass(1);
    log.head = 6;
    expect((await recent.atLeast(5, room(), never)).head).toBe(6);
    expect(log.reads).toBe(2);
  });

  it('never shows less than somebody has seen: it reads again', async () => {
    const { recent, log } = someEnds();
    log.head = 5;
    await recent.atLeast(0, room(), never);
    log.head = 7;
    expect((await recent.atLeast(6, room(), never)).head).toBe(7);
    expect((await recent.atLeast(8, room(), never)).head).toBe(7);
    expect(log.reads).toBe(3);
  });

  it('shows at once what this pod has committed, also where the read began before', async () => {
    const { recent, log } = someEnds();
    log.head = 5;
    await recent.atLeast(0, room(), never);
    recent.committed('r', 6, 60);
    expect(await recent.atLeast(0, room(), never)).toMatchObject({ head: 6, timestamp: 60 });
    recent.committed('r', 4, 40);
    expect((await recent.atLeast(0, room(), never)).head).toBe(6);

    const other = someEnds();
    other.log.head = 5;
    const asked = other.recent.atLeast(0, room(), never);
    other.recent.committed('r', 6, 60);
    expect((await asked).head).toBe(6);
    expect((await other.recent.atLeast(0, room(), never)).head).toBe(6);
  });

  it('keeps what a later read has shown when an earlier one comes behind it', async () => {
    const { recent, log, pass } = someEnds();
    const slow = Promise.withResolvers<number>();
    log.next = slow.promise;
    const first = recent.atLeast(0, room(), never);
    pass(10);
    log.head = 9;
    await recent.atLeast(9, room(), never);
    slow.resolve(8);
    expect((await first).head).toBe(8);
    expect((await recent.atLeast(0, room(), never)).head).toBe(9);
  });

  it('knows nothing of a log of another epoch, nor when the clock was set back', async () => {
    const { recent, log, pass } = someEnds();
    log.head = 5;
    await recent.atLeast(0, room(), never);
    await recent.atLeast(0, room(2), never);
    expect(log.reads).toBe(2);
    pass(-1);
    await recent.atLeast(0, room(2), never);
    recent.forgetRoom('r');
    await recent.atLeast(0, room(2), never);
    expect(log.reads).toBe(4);
  });

  it('has the longer chain of segments, and what the room withholds now', async () => {
    const { recent, log } = someEnds();
    log.segments = ['2026-11', '2026-12'];
    await recent.atLeast(0, room(), never);
    const end = await recent.atLeast(0, { ...room(), floor: 3 }, never);
    expect([end.room.segments, end.room.floor]).toEqual([['2026-11', '2026-12'], 3]);
  });
});

const never = Number.POSITIVE_INFINITY;

function someEnds() {
  let now = 1_000;
  const log = {
    head: 0,
    reads: 0,
    segments: ['2026-11'],
    next: undefined as Promise<number> | undefined,
  };
  const recent = new RecentEnds(
    {
      head: async (known): Promise<LogEnd> => {
        log.reads++;
        const next = log.next;
        log.next = undefined;
        const head = next ? await next : log.head;
        return {
          room: { ...known, segments: log.segments as unknown as StoredRoom['segments'] },
          head,
          timestamp: head,
        };
      },
    },
    () => now,
    () => undefined,
  );
  return { recent, log, pass: (ms: number) => void (now += ms) };
}

function room(epoch = 1): StoredRoom {
  return { roomId: 'r', epoch, floor: 1, segments: ['2026-11'] } as unknown as StoredRoom;
}
