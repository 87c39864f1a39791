import type { RoomHead } from '@parlance/proto';
import { createLogger } from '@parlance/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionRegistry, LocalFeed } from '../fan-out/connection-registry.js';
import { RoomFeed } from '../fan-out/room-feed.js';
import { ChatResilienceService } from './chat-resilience.service.js';
import type { RoomQueries } from './room-queries.service.js';
import type { RoomRepair } from './room-repair.service.js';

describe('ChatResilienceService', () => {
  const feeds = new Map<string, LocalFeed>();
  const repaired: string[] = [];
  const begun: string[] = [];
  let getRoomHeads: ReturnType<typeof vi.fn>;
  let roomsGoneBack: (known: unknown) => Promise<readonly RoomHead[]>;
  const askedOf: unknown[] = [];
  let resilience: ChatResilienceService;

  beforeEach(() => {
    vi.useFakeTimers();
    feeds.clear();
    repaired.length = 0;
    begun.length = 0;
    askedOf.length = 0;
    roomsGoneBack = async () => [];
    getRoomHeads = vi.fn(async (ids: readonly string[]) => ids.map((roomId) => head(roomId, 5)));
    resilience = new ChatResilienceService(
      {
        getRoomHeads,
        roomsGoneBack: (known: unknown) => {
          askedOf.push(known);
          return roomsGoneBack(known);
        },
      } as unknown as RoomQueries,
      { feedOf: (roomId: string) => feeds.get(roomId) } as unknown as ConnectionRegistry,
      {
        compared: () => {},
        catchUp: (feed: LocalFeed, place: RoomHead) => {
          if (place.rev > feed.rev) begun.push(`${feed.roomId} told of event ${place.rev}`);
          feed.learn(place);
          repaired.push(feed.roomId);
        },
        beginAnew: async (feed: LocalFeed, place: RoomHead) => void begun.push(`${feed.roomId} at ${place.head}`),
        vanish: (feed: LocalFeed) => void begun.push(`${feed.roomId} nowhere`),
      } as unknown as RoomRepair,
      createLogger({ name: 'test', level: 'silent' }),
    );
  });
  afterEach(() => {
    resilience.stop();
    vi.useRealTimers();
  });

  it('has rooms repaired that are behind the log, after a moment in which their events may arrive', async () => {
    open('behind', 4);
    open('level', 5);
    const late = open('late', 4);
    resilience.check(['behind', 'level', 'late', 'unknown']);
    await vi.advanceTimersByTimeAsync(100);
    expect(repaired).toEqual([]);
    late.takePulled(5);
    await vi.advanceTimersByTimeAsync(300);
    expect(feeds.get('behind')?.need).toEqual({ kind: 'messages', after: 4, upTo: 5 });
    expect(late.need).toBeUndefined();
    expect(feeds.get('level')?.need).toBeUndefined();
  });

  it('reads rooms that are asked for together in batches of 200, each once', async () => {
    const ids = Array.from({ length: 450 }, (_, index) => `room-${index}`);
    for (const id of ids) open(id, 5);
    resilience.check(ids);
    resilience.check(ids);
    await vi.advanceTimersByTimeAsync(100);
    expect(getRoomHeads.mock.calls.map(([asked]) => (asked as string[]).length)).toEqual([200, 200, 50]);
  });

  it('asks again, ever more slowly, while the chat service does not answer', async () => {
    open('r', 4);
    getRoomHeads.mockRejectedValue(new Error('away'));
    resilience.check(['r']);
    await vi.advanceTimersByTimeAsync(30_000);
    const tries = getRoomHeads.mock.calls.length;
    expect(tries).toBeGreaterThan(4);
    expect(tries).toBeLessThan(25);
    getRoomHeads.mockResolvedValue([head('r', 5)]);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(repaired).toEqual(['r']);
  });

  it('begins a room anew whose log has gone back, and none of which only an old answer came', async () => {
    for (const roomId of ['back', 'old answer']) open(roomId, 10);
    open('level', 5);
    roomsGoneBack = async () => [head('back', 5)];
    resilience.check(['back', 'old answer', 'level']);
    await vi.advanceTimersByTimeAsync(100);
    expect(askedOf).toEqual([
      [
        { roomId: 'back', head: 10, epoch: 1 },
        { roomId: 'old answer', head: 10, epoch: 1 },
      ],
    ]);
    expect(begun).toEqual(['back at 5']);
  });

  it('begins a room anew at once whose log is of a newer epoch, and asks of one before', async () => {
    for (const roomId of ['raised', 'grown past', 'lowered']) open(roomId, 4).meet(1);
    getRoomHeads.mockResolvedValue([head('raised', 3, 2), head('grown past', 9, 2), head('lowered', 9, 0.5)]);
    roomsGoneBack = async () => [head('lowered', 9, 3)];
    resilience.check(['raised', 'grown past', 'lowered']);
    await vi.advanceTimersByTimeAsync(100);
    expect(begun).toEqual(['raised at 3', 'grown past at 9', 'lowered at 9']);
    expect(askedOf).toEqual([[{ roomId: 'lowered', head: 4, epoch: 1 }]]);
  });

  it('has the members told of room events whose own events did not come', async () => {
    open('r', 5).rev = 2;
    open('level', 5).rev = 3;
    getRoomHeads.mockResolvedValue(['r', 'level'].map((roomId) => ({ ...head(roomId, 5), rev: 3 })));
    resilience.check(['r', 'level']);
    await vi.advanceTimersByTimeAsync(500);
    expect(begun).toEqual(['r told of event 3']);
  });

  it('lets go of a room that the log itself says is there no longer', async () => {
    for (const roomId of ['gone', 'not answered']) open(roomId, 4);
    getRoomHeads.mockResolvedValue([]);
    roomsGoneBack = async () => [{ ...head('gone', 0, 0), memberRev: 0 }];
    resilience.check(['gone', 'not answered']);
    await vi.advanceTimersByTimeAsync(100);
    expect(begun).toEqual(['gone nowhere']);
  });

  it('lets a room be that has moved on while it was asked whether its log has gone back', async () => {
    const feed = open('r', 10);
    roomsGoneBack = async () => {
      feed.takePulled(11);
      return [head('r', 5)];
    };
    resilience.check(['r']);
    await vi.advanceTimersByTimeAsync(100);
    expect(begun).toEqual([]);
  });

  function open(roomId: string, at: number): LocalFeed {
    const feed: LocalFeed = new RoomFeed(roomId, { head: at, memberRev: 1, epoch: 1 });
    feeds.set(roomId, feed);
    return feed;
  }
});

function head(roomId: string, at: number, epoch = 1): RoomHead {
  return { roomId, head: at, rev: 0, memberRev: 1, epoch, deliveredUpTo: 0, readUpTo: 0 };
}
