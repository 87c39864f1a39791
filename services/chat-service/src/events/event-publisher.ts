import {
  type EventEnvelope,
  type EventHeader,
  encodeEnvelope,
  everyUserChannel,
  type RoomLeft,
  roomChannel,
  userChannel,
} from '@parlance/proto';
import type { KeyedCommands, RedisCommand, WriteOutcome } from '@parlance/runtime';
import { cachedMessages } from '../features/history/message-cache.js';
import type { Committed } from '../features/log/room-log-ports.js';
import type { OfflinePointer } from '../features/offline/offline-pointers.js';
import type { Marks } from '../features/receipts/mongo-receipt-store.js';
import { toRoomUpdate } from '../features/rooms/room.mapper.js';
import type { LogEnd } from '../features/slots/log-reader.js';
import { toMessageJson } from '../features/slots/message.mapper.js';
import type { ChatMetrics } from '../metrics.js';
import { HeadRepeater } from './head-repeater.js';
import { type Joining, joinedEvents } from './joined-events.js';
import { membershipHints } from './membership-hints.js';
import { offlinePointerScript } from './offline-pointer-script.js';
import { cacheTtlSeconds, offlinePointersOfUser, offlineTtlSeconds, redisKeys } from './redis-keys.js';

/** Events that say nothing of where the room stands. */
const nowhere = { head: 0, rev: 0, memberRev: 0 } as const;

/** Writes commands to Redis, grouped by node; never rejects. */
export type RedisWriter = (groups: readonly KeyedCommands[]) => Promise<WriteOutcome>;

/** Somebody who is a participant no longer, with the room event that tells of it. */
export interface Leaving extends Omit<Joining, 'users'> {
  readonly userId: string;
  readonly rev: number;
}

/**
 * Tells Redis what was committed: caches first, then the event, on the connection of the key's node, so that what reads
 * the event finds the cache. Written and not awaited (R9): a failure is counted, and gateways notice by the next head.
 */
export class EventPublisher {
  private readonly silent = new HeadRepeater();

  constructor(
    private readonly write: RedisWriter,
    private readonly metrics: Pick<ChatMetrics, 'redisWriteErrors' | 'eventsPublished'>,
    private readonly now: () => number,
  ) {}

  /** Messages of one room, ascending. */
  messages(roomId: string, committed: readonly Committed[]): void {
    const bodies = committed.map(({ slot }) => toMessageJson(slot));
    const newest = committed.at(-1)?.slot.messageId ?? 0;
    // The one who learnt of the newest epoch had the end of the log read again, before any of these went.
    const epoch = Math.max(...committed.map(({ send }) => send.place.epoch));
    const key = redisKeys.messages(roomId, epoch);
    const cache: RedisCommand[] = [
      ['zadd', key, ...committed.flatMap(({ slot }, index) => [slot.messageId, bodies[index] ?? ''])],
      ['zremrangebyrank', key, 0, -cachedMessages - 1],
      ['expire', key, cacheTtlSeconds],
      ['set', redisKeys.head(roomId), newest, 'EX', cacheTtlSeconds],
    ];
    const channel = roomChannel(roomId);
    const events = committed.map(({ send, slot }, index): RedisCommand => {
      const header: EventHeader = {
        v: 1,
        type: 'chat:message:new',
        roomId,
        head: slot.messageId,
        rev: send.place.rev,
        memberRev: send.place.memberRev,
        epoch,
        trace: send.context.trace,
        at: this.now(),
      };
      return ['spublish', channel, encodeEnvelope({ ...header, body: bodies[index] ?? '' })];
    });
    this.silent.changed(
      roomId,
      { head: newest, ...(committed.at(-1)?.send.place ?? { rev: 0, memberRev: 0 }), epoch },
      this.now(),
    );
    this.send(
      [
        { key, commands: cache },
        { key: channel, commands: events },
      ],
      events.length,
    );
  }

  /**
   * Tells heads once more: those that are `due`, of rooms that have fallen silent, which is to be done about once a
   * second; or those of all rooms that changed lately, after something that may have swallowed events.
   */
  repeatHeads(which: 'due' | 'recent'): void {
    const at = this.now();
    const rooms = which === 'due' ? this.silent.due(at) : this.silent.recent();
    const groups = rooms.map(([roomId, place]): KeyedCommands => {
      const channel = roomChannel(roomId);
      const event = encodeEnvelope({ v: 1, type: 'chat:room:heads', roomId, ...place, at, body: '{}' });
      return { key: channel, commands: [['spublish', channel, event]] };
    });
    if (groups.length > 0) this.send(groups, groups.length);
  }

  /**
   * People became participants: told to the room's gateways and to those of the people, which may not listen to the room
   * yet. However many they are, it is one event on two channels.
   */
  joined(joining: Joining): void {
    const { roomId, users, head, memberRev, epoch } = joining;
    const at = this.now();
    const [first] = users;
    if (!first) return;
    const channels = [roomChannel(roomId), users.length === 1 ? userChannel(first.userId) : everyUserChannel];
    const events = joinedEvents(joining, at).map(encodeEnvelope);
    this.silent.changed(roomId, { head, rev: users.at(-1)?.rev ?? 0, memberRev, epoch }, at);
    const userIds = users.map(({ userId }) => userId);
    const groups = channels.map(
      (channel): KeyedCommands => ({ key: channel, commands: events.map((event) => ['spublish', channel, event]) }),
    );
    this.send([...membershipHints('sadd', roomId, userIds), ...groups], events.length * channels.length);
  }

  /** Somebody is a participant no longer: told to the room's gateways and to those of the user. */
  left({ roomId, userId, head, rev, memberRev, epoch, trace }: Leaving): void {
    const at = this.now();
    const body: RoomLeft = { roomId, userId, rev, timestamp: at };
    const place = { head, rev, memberRev, epoch };
    const header = { v: 1, type: 'chat:room:left', roomId, ...place, userId, trace, at } as const;
    const event = encodeEnvelope({ ...header, body: JSON.stringify(body) });
    this.silent.changed(roomId, place, at);
    const groups = [roomChannel(roomId), userChannel(userId)].map(
      (channel): KeyedCommands => ({ key: channel, commands: [['spublish', channel, event]] }),
    );
    this.send([...membershipHints('srem', roomId, [userId]), ...groups], groups.length);
  }

  /** What a room shows of itself, its rules or roles have changed. */
  updated(end: LogEnd, trace: string): void {
    const update = toRoomUpdate(end);
    const { roomId, head, rev, memberRev, epoch } = update;
    const place = { head, rev, memberRev, epoch };
    this.silent.changed(roomId, place, this.now());
    this.announce({ type: 'chat:room:updated', roomId, ...place, trace, body: JSON.stringify(update) });
  }

  /**
   * A participant's mark has risen; with `only` told to that user's own sockets. Not repeated when lost: marks are in `resume` and `joinRoom` (R12).
   */
  receipt(status: 'delivered' | 'read', { roomId, userId }: Marks, messageId: number, only: boolean): void {
    const timestamp = this.now();
    const read = status === 'read' ? { readAt: timestamp } : {};
    const body = JSON.stringify({ roomId, messageId, status, userId, timestamp, ...read });
    const event = { v: 1, type: `chat:message:${status}`, roomId, userId, ...nowhere, at: timestamp, body } as const;
    if (only) this.publish(userChannel(userId), encodeEnvelope({ ...event, only }));
    else this.publish(roomChannel(roomId), encodeEnvelope(event));
  }

  /** Somebody is typing, or no longer. */
  typing(roomId: string, userId: string, isTyping: boolean, trace: string): void {
    const body = JSON.stringify({ roomId, userId, isTyping });
    this.announce({ type: 'chat:user:typing', roomId, userId, ...nowhere, trace, body });
  }

  /** Tokens of a user issued before a time (Unix milliseconds) are refused from now on; told on the user's channel. */
  revoked(userId: string, revokedBefore: number): void {
    const body = JSON.stringify({ userId, revokedBefore });
    const event = { v: 1, type: 'chat:user:revoked', roomId: '', userId, ...nowhere, at: this.now(), body } as const;
    this.publish(userChannel(userId), encodeEnvelope(event));
  }

  /** Messages wait for users who are away; nothing is told to anybody (R14). */
  putOffline(pointers: readonly OfflinePointer[]): void {
    const at = this.now();
    const groups = pointers.map(({ userId, roomId, from, to }): KeyedCommands => {
      const key = redisKeys.offline(userId);
      const bounds = [offlineTtlSeconds, offlinePointersOfUser];
      return { key, commands: [['eval', offlinePointerScript, 1, key, roomId, `${from} ${to} ${at}`, ...bounds]] };
    });
    this.send(groups, 0);
  }

  /** Nothing waits for these users in these rooms any more. */
  removeOffline(places: readonly Pick<OfflinePointer, 'userId' | 'roomId'>[]): void {
    const groups = places.map(({ userId, roomId }): KeyedCommands => {
      const key = redisKeys.offline(userId);
      return { key, commands: [['hdel', key, roomId]] };
    });
    this.send(groups, 0);
  }

  private announce(event: Omit<EventEnvelope, 'v' | 'at'>): void {
    this.publish(roomChannel(event.roomId), encodeEnvelope({ v: 1, at: this.now(), ...event }));
  }

  private publish(channel: string, event: string): void {
    this.send([{ key: channel, commands: [['spublish', channel, event]] }], 1);
  }

  private send(groups: readonly KeyedCommands[], events: number): void {
    this.metrics.eventsPublished.inc(events);
    void this.write(groups).then(({ failed }) => {
      if (failed > 0) this.metrics.redisWriteErrors.inc(failed);
    });
  }
}
