import { ChatError, type HeardEvent, limits, type UserId, type WireMessage, type wire } from '@parlance/proto';
import type { Logger } from '@parlance/runtime';
import type { Socket } from 'socket.io';
import { beforeEach, describe, expect, it, type Mock, vi } from 'vitest';
import { createGatewayMetrics, type GatewayMetrics } from '../../../metrics.js';
import { ConnectionRegistry, type LocalFeed } from '../fan-out/connection-registry.js';
import { RoomDelivery } from '../fan-out/room-delivery.service.js';
import { eventFrame } from '../transport/frame.js';
import { LocalSocket } from '../transport/local-socket.js';
import { TurnWrites } from '../transport/turn-writes.js';
import type { RoomQueries } from './room-queries.service.js';
import { RoomRepair } from './room-repair.service.js';

describe('RoomRepair', () => {
  let connections: ConnectionRegistry;
  let queries: {
    historyAfter: Mock<RoomQueries['historyAfter']>;
    listParticipants: Mock<RoomQueries['listParticipants']>;
    getRoomHeads: Mock<RoomQueries['getRoomHeads']>;
  };
  let repair: RoomRepair;
  let feed: LocalFeed;
  let heard: Map<string, string[]>;
  let metrics: GatewayMetrics;
  let logger: { info: Mock; warn: Mock };

  beforeEach(() => {
    heard = new Map();
    connections = new ConnectionRegistry(
      (userId, socket) =>
        new LocalSocket(
          userId,
          socket,
          { writes: new TurnWrites(() => {}), maxBufferedBytes: 1e9, onOverflow: () => {} },
          () => performance.now(),
        ),
    );
    queries = { historyAfter: vi.fn(), listParticipants: vi.fn(), getRoomHeads: vi.fn() };
    metrics = createGatewayMetrics('test');
    logger = { info: vi.fn(), warn: vi.fn() };
    const delivery = new RoomDelivery(connections, metrics, () => Date.now());
    repair = new RoomRepair(queries as unknown as RoomQueries, connections, delivery, logger as unknown as Logger);
    feed = enter('ann');
    enter('ben');
  });

  it('pulls a gap page by page, in one run however often it is asked', async () => {
    queries.historyAfter.mockResolvedValueOnce(page([11, 12])).mockResolvedValueOnce(page([13]));
    feed.learn({ head: 13, memberRev: 1 });
    await Promise.all([repair.ensure(feed), repair.ensure(feed)]);
    expect(queries.historyAfter.mock.calls.map(([, , afterId, limit]) => [afterId, limit])).toEqual([
      [10, 3],
      [12, 1],
    ]);
    expect(heard.get('ann')).toEqual(['newMessage 11', 'newMessage 12', 'newMessage 13']);
    expect(heard.get('ben')).toEqual(heard.get('ann'));
    expect(await gaps('found')).toBe(1);
    queries.historyAfter.mockResolvedValueOnce(page([14]));
    feed.learn({ head: 14, memberRev: 1 });
    await repair.ensure(feed);
    expect(heard.get('ann')?.at(-1)).toBe('newMessage 14');
  });

  it('asks on behalf of another participant when the first may not see the gap', async () => {
    queries.historyAfter.mockImplementation(async (userId: string) =>
      userId === 'ann' ? page([], { truncated: true }) : page([11]),
    );
    feed.learn({ head: 11, memberRev: 1 });
    await repair.ensure(feed);
    expect(heard.get('ben')).toEqual(['newMessage 11']);
  });

  it('skips with heads what nobody here may see', async () => {
    queries.historyAfter.mockResolvedValue(page([], { truncated: true }));
    feed.learn({ head: 11, memberRev: 1 });
    await repair.ensure(feed);
    expect(heard.get('ann')).toEqual(['heads {"r":{"head":11,"rev":0,"epoch":7}}']);
    expect(feed.head).toBe(11);
  });

  it.each(['ROOM_NOT_FOUND', 'NOT_A_PARTICIPANT'] as const)(
    'reads the participants again when the one it asks for is none any more: %s',
    async (reason) => {
      queries.historyAfter.mockImplementation(async (userId: string) => {
        if (userId === 'ann') throw new ChatError(reason);
        return page([11]);
      });
      queries.listParticipants.mockResolvedValue({ userIds: ['ben'], memberRev: 2, head: 11, epoch: 7 });
      feed.learn({ head: 11, memberRev: 1 });
      await repair.ensure(feed);
      expect(heard).toEqual(new Map([['ben', ['newMessage 11']]]));
    },
  );

  it('does nothing for a feed that needs nothing', async () => {
    await repair.ensure(feed);
    expect(feed.offer(newMessage(11))).toEqual({ kind: 'message' });
  });

  it('passes on what was held behind a gap, in order', async () => {
    queries.historyAfter.mockResolvedValueOnce(page([11]));
    feed.offer(newMessage(12));
    feed.offer(newMessage(13));
    await repair.ensure(feed);
    expect(heard.get('ann')).toEqual(['newMessage 11', 'newMessage 12', 'newMessage 13']);
  });

  it('skips with heads a gap of more than a page, and pulls one of a page', async () => {
    queries.historyAfter.mockResolvedValue(page(Array.from({ length: limits.pageItems }, (_, index) => 11 + index)));
    feed.learn({ head: 10 + limits.pageItems, memberRev: 1 });
    await repair.ensure(feed);
    expect(queries.historyAfter).toHaveBeenCalledWith('ann', 'r', 10, limits.pageItems);
    expect(await gaps('skipped')).toBe(0);
    feed.learn({ head: feed.head + limits.pageItems + 1, memberRev: 1 });
    await repair.ensure(feed);
    expect(queries.historyAfter).toHaveBeenCalledTimes(1);
    expect(await gaps('skipped')).toBe(1);
  });

  it('makes members of those who came, with what they know, and of those who went none', async () => {
    const cat = admit('cat');
    const [handshaking] = [admit('ann', 'preparing')];
    queries.listParticipants.mockResolvedValue({ userIds: ['ann', 'cat'], memberRev: 2, head: 10, epoch: 7 });
    feed.learn({ head: 10, memberRev: 2 });
    await repair.ensure(feed);
    expect([...feed.members.keys()].map(({ userId }) => userId)).toEqual(['ann', 'cat']);
    expect([feed.members.get(cat), handshaking && feed.members.has(handshaking)]).toEqual([10, false]);
    expect(await gaps('found')).toBe(0);
  });

  it('begins anew where a log has gone back to, tells where, and reads the participants again', async () => {
    feed.meet(6);
    queries.listParticipants.mockResolvedValue({ userIds: ['ann'], memberRev: 1, head: 5, epoch: 7 });
    await repair.beginAnew(feed, { roomId: 'r', head: 5, rev: 2, memberRev: 1, epoch: 7 });
    expect(heard.get('ann')).toEqual(['heads {"r":{"head":5,"rev":2,"epoch":7}}']);
    expect([...feed.members.keys()].map(({ userId }) => userId)).toEqual(['ann']);
    expect(logger.warn).toHaveBeenCalledWith(expect.objectContaining({ head: 5, passedOn: 10 }), expect.any(String));
  });

  it.each(['historyAfter', 'listParticipants'] as const)(
    'begins anew at the log itself when an answer of %s is of a newer one, and passes nothing of that answer on',
    async (name) => {
      feed.meet(6);
      queries.getRoomHeads.mockResolvedValue([
        { roomId: 'r', head: 8, rev: 1, memberRev: 1, epoch: 7, deliveredUpTo: 0, readUpTo: 0 },
      ]);
      queries.historyAfter.mockResolvedValue(page([11]));
      queries.listParticipants.mockResolvedValue({ userIds: ['ann', 'ben'], memberRev: 1, head: 8, epoch: 7 });
      feed.learn({ head: 11, memberRev: name === 'listParticipants' ? 2 : 1 });
      await repair.ensure(feed);
      expect(heard.get('ann')).toEqual(['heads {"r":{"head":8,"rev":1,"epoch":7}}']);
      expect([feed.head, feed.epoch]).toEqual([8, 7]);
    },
  );

  it('passes nothing on of an answer that is of the log before', async () => {
    feed.meet(7);
    queries.historyAfter.mockResolvedValueOnce(page([11], { epoch: 6 })).mockResolvedValue(page([11]));
    feed.learn({ head: 11, memberRev: 1 });
    await repair.ensure(feed);
    expect(heard.get('ann')).toEqual(['newMessage 11']);
    expect(queries.historyAfter).toHaveBeenCalledTimes(2);
  });

  it('takes in where a room stands, unless that is said of the log before', async () => {
    queries.listParticipants.mockResolvedValue({ userIds: ['ann', 'ben'], memberRev: 1, head: 5, epoch: 8 });
    const place = { roomId: 'r', rev: 0, memberRev: 1 };
    expect(repair.learn(feed, { ...place, head: 10, epoch: 7 })).toBe('same');
    expect(repair.learn(feed, { ...place, head: 20, epoch: 6 })).toBe('older');
    expect(feed.need).toBeUndefined();
    expect(repair.learn(feed, { ...place, head: 5, epoch: 8 })).toBe('newer');
    await repair.ensure(feed);
    expect([feed.head, feed.epoch]).toEqual([5, 8]);
  });

  it('lets go of a room that is there no longer', () => {
    feed.meet(7);
    repair.vanish(feed);
    expect(heard.get('ben')).toEqual(['heads {"r":{"head":0,"rev":0,"epoch":8}}']);
    expect(connections.holds(feed)).toBe(false);
  });

  it('is not content with participants that are older than what was heard of', async () => {
    queries.listParticipants
      .mockResolvedValueOnce({ userIds: ['ann', 'ben'], memberRev: 1, head: 10, epoch: 7 })
      .mockResolvedValueOnce({ userIds: ['ann'], memberRev: 2, head: 10, epoch: 7 });
    feed.learn({ head: 10, memberRev: 2 });
    await repair.ensure(feed);
    expect([...feed.members.keys()].map(({ userId }) => userId)).toEqual(['ann']);
    expect(logger.info).toHaveBeenCalledTimes(1);
  });

  it('tries again when the chat service does not answer', async () => {
    queries.historyAfter.mockRejectedValueOnce(new ChatError('STORE_UNAVAILABLE')).mockResolvedValue(page([11]));
    feed.learn({ head: 11, memberRev: 1 });
    await repair.ensure(feed);
    expect(heard.get('ann')).toEqual(['newMessage 11']);
  });

  it('does not wait for ever for a message that the log does not have', async () => {
    queries.historyAfter.mockResolvedValue(page([]));
    feed.learn({ head: 11, memberRev: 1 });
    await repair.ensure(feed);
    expect(feed.need).toBeUndefined();
    expect(feed.head).toBe(10);
    expect(queries.historyAfter).toHaveBeenCalledTimes(4);
    expect([logger.info.mock.calls.length, logger.warn.mock.calls.length]).toEqual([1, 1]);
  });

  it('gives up after an answer that is no answer, and waits for one that may come', async () => {
    for (let count = 0; count < 4; count++)
      queries.historyAfter.mockRejectedValueOnce(new ChatError('STORE_UNAVAILABLE'));
    queries.historyAfter.mockResolvedValueOnce(page([11])).mockRejectedValue(new ChatError('PERMISSION_DENIED'));
    feed.learn({ head: 12, memberRev: 1 });
    await repair.ensure(feed);
    expect([feed.head, heard.get('ann')]).toEqual([11, ['newMessage 11']]);
    expect(queries.historyAfter).toHaveBeenCalledTimes(9);
    expect([logger.info.mock.calls.length, logger.warn.mock.calls.length]).toEqual([2, 1]);
  });

  it('ends when nobody here listens to the room any more', async () => {
    queries.historyAfter.mockRejectedValue(new ChatError('STORE_UNAVAILABLE'));
    feed.learn({ head: 11, memberRev: 1 });
    const repaired = repair.ensure(feed);
    for (const socket of feed.members.keys()) connections.remove(socket);
    await repaired;
    expect(connections.holds(feed)).toBe(false);
  });

  function enter(userId: string): LocalFeed {
    return connections.join('r', admit(userId), 10, { head: 10, memberRev: 1 });
  }

  async function gaps(what: 'found' | 'skipped'): Promise<number> {
    const { values } = await metrics.gaps.get();
    return values.find(({ labels }) => labels.what === what)?.value ?? 0;
  }

  function admit(userId: string, state: 'preparing' | 'live' = 'live'): LocalSocket {
    const write = (packet: string): void => void heard.set(userId, [...(heard.get(userId) ?? []), summary(packet)]);
    const conn = { readyState: 'open', writeBuffer: [], transport: {}, on: () => undefined };
    const socket = connections.admit(userId as UserId, { client: { writeToEngine: write }, conn } as unknown as Socket);
    if (state === 'preparing') return socket;
    socket.markOpening();
    socket.markLive(eventFrame('ready', '{}'));
    heard.delete(userId);
    return socket;
  }
});

function newMessage(head: number): HeardEvent {
  const payload = Buffer.from(JSON.stringify({ messageId: head }));
  return { v: 1, type: 'chat:message:new', roomId: 'r', head, rev: 0, memberRev: 1, at: 0, payload };
}

function page(ids: number[], more: Partial<wire.GetMessageHistoryResponse> = {}): wire.GetMessageHistoryResponse {
  const messages = ids.map(
    (messageId) => ({ messageId, roomId: 'r', timestamp: 1, metadataJson: '', readBy: [] }) as unknown as WireMessage,
  );
  return { messages, hasMore: false, truncated: false, firstAvailableId: 1, head: 11, epoch: 7, ...more };
}

function summary(packet: string): string {
  const [name, payload] = JSON.parse(packet.slice('2/chat,'.length)) as [string, { messageId?: number }];
  return `${name} ${payload.messageId ?? JSON.stringify(payload)}`;
}
