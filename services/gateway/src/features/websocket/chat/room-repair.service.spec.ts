import { ChatError, type UserId, type WireMessage, type wire } from '@parlance/proto';
import { createLogger } from '@parlance/runtime';
import type { Socket } from 'socket.io';
import { beforeEach, describe, expect, it, type Mock, vi } from 'vitest';
import { createGatewayMetrics } from '../../../metrics.js';
import { eventFrame } from '../frame.js';
import { LocalAudience, type LocalFeed } from './local-audience.js';
import { RoomDelivery } from './room-delivery.service.js';
import type { RoomQueries } from './room-queries.service.js';
import { RoomRepair } from './room-repair.service.js';

describe('RoomRepair', () => {
  let audience: LocalAudience;
  let queries: {
    historyAfter: Mock<RoomQueries['historyAfter']>;
    listParticipants: Mock<RoomQueries['listParticipants']>;
  };
  let repair: RoomRepair;
  let feed: LocalFeed;
  let heard: Map<string, string[]>;

  beforeEach(() => {
    heard = new Map();
    audience = new LocalAudience({ maxBufferedBytes: 1e9, onOverflow: () => {} });
    queries = { historyAfter: vi.fn(), listParticipants: vi.fn() };
    const delivery = new RoomDelivery(audience, createGatewayMetrics('test'));
    const logger = createLogger({ name: 'test', level: 'silent' });
    repair = new RoomRepair(queries as unknown as RoomQueries, audience, delivery, logger);
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
    expect(heard.get('ann')).toEqual(['heads {"r":{"head":11,"rev":0}}']);
    expect(feed.head).toBe(11);
  });

  it('reads the participants again when the one it asks for is none any more', async () => {
    queries.historyAfter.mockImplementation(async (userId: string) => {
      if (userId === 'ann') throw new ChatError('ROOM_NOT_FOUND');
      return page([11]);
    });
    queries.listParticipants.mockResolvedValue({ userIds: ['ben'], memberRev: 2, head: 11 });
    feed.learn({ head: 11, memberRev: 1 });
    await repair.ensure(feed);
    expect(heard).toEqual(new Map([['ben', ['newMessage 11']]]));
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
  });

  it('ends when nobody here listens to the room any more', async () => {
    queries.historyAfter.mockRejectedValue(new ChatError('STORE_UNAVAILABLE'));
    feed.learn({ head: 11, memberRev: 1 });
    const repaired = repair.ensure(feed);
    for (const socket of feed.members.keys()) audience.remove(socket);
    await repaired;
    expect(audience.holds(feed)).toBe(false);
  });

  function enter(userId: string): LocalFeed {
    const write = (packet: string): void => void heard.set(userId, [...(heard.get(userId) ?? []), summary(packet)]);
    const conn = { readyState: 'open', writeBuffer: [], transport: {}, on: () => undefined };
    const socket = audience.admit(userId as UserId, { client: { writeToEngine: write }, conn } as unknown as Socket);
    socket.markOpening();
    socket.markLive(eventFrame('ready', '{}'));
    heard.delete(userId);
    return audience.join('r', socket, 10, { head: 10, memberRev: 1 });
  }
});

function page(ids: number[], more: Partial<wire.GetMessageHistoryResponse> = {}): wire.GetMessageHistoryResponse {
  const messages = ids.map(
    (messageId) => ({ messageId, roomId: 'r', metadataJson: '', readBy: [] }) as unknown as WireMessage,
  );
  return { messages, hasMore: false, truncated: false, firstAvailableId: 1, head: 11, ...more };
}

function summary(packet: string): string {
  const [name, payload] = JSON.parse(packet.slice('2/chat,'.length)) as [string, { messageId?: number }];
  return `${name} ${payload.messageId ?? JSON.stringify(payload)}`;
}
