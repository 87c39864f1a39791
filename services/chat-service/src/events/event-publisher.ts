import {
  type EventEnvelope,
  type EventHeader,
  encodeEnvelope,
  everyUserChannel,
  type ParticipantReceipt,
  type RoomLeft,
  roomChannel,
  userChannel,
} from '@parlance/proto';
import type { KeyedCommands, RedisCommand } from '@parlance/runtime';
import type { Committed } from '../features/log/pending-send.js';
import type { LogEnd } from '../features/rooms/log-end.js';
import { toRoomUpdate } from '../features/rooms/room.mapper.js';
import { toMessageJson } from '../features/slots/message.mapper.js';
import { CacheUpkeep } from './cache-upkeep.js';
import { HeadRepeater } from './head-repeater.js';
import { type Joining, joinedEvents } from './joined-events.js';
import { membershipHints } from './membership-hints.js';
import { receiptEvents } from './receipt-events.js';
import { redisKeys } from './redis-keys.js';
import type { RedisWrites } from './redis-writes.js';

/** Events that say nothing of where the room stands. */
const nowhere = { head: 0, rev: 0, memberRev: 0 } as const;

/** Somebody who is a participant no longer, with the room event that tells of it. */
export interface Leaving extends Omit<Joining, 'users'> {
  readonly userId: string;
  readonly rev: number;
}

/**
 * Tells Redis what was committed: caches first, then the event, on the connection of the key's node, so that what reads
 * the event finds the cache. Written and not awaited (R9: events are hints): a failure is counted, and gateways notice
 * by the next head.
 */
export class EventPublisher {
  private readonly silent = new HeadRepeater();
  private readonly upkeep = new CacheUpkeep();

  constructor(
    private readonly redis: RedisWrites,
    private readonly now: () => number,
  ) {}

  /** Messages of one room, ascending. */
  messages(roomId: string, committed: readonly Committed[]): void {
    const payloads = committed.map(({ slot }) => toMessageJson(slot));
    const newest = committed.at(-1)?.slot.messageId ?? 0;
    // The one who learnt of the newest epoch had the end of the log read again, before any of these went.
    const epoch = Math.max(...committed.map(({ send }) => send.place.epoch));
    const key = redisKeys.messages(roomId, epoch);
    const at = this.now();
    const cache: RedisCommand[] = [
      ['zadd', key, ...committed.flatMap(({ slot }, index) => [slot.messageId, payloads[index] ?? ''])],
      ...this.upkeep.written(roomId, key, newest, at),
    ];
    const channel = roomChannel(roomId);
    const events = committed.map(({ send, slot }, index): RedisCommand => {
      this.redis.concerns(send.context.traceId);
      const header: EventHeader = {
        v: 1,
        type: 'chat:message:new',
        roomId,
        head: slot.messageId,
        rev: send.place.rev,
        memberRev: send.place.memberRev,
        epoch,
        trace: send.context.traceId,
        at,
        sentAt: slot.timestamp,
      };
      return ['spublish', channel, encodeEnvelope({ ...header, payload: payloads[index] ?? '' })];
    });
    this.silent.changed(
      roomId,
      { head: newest, ...(committed.at(-1)?.send.place ?? { rev: 0, memberRev: 0 }), epoch },
      at,
    );
    this.redis.send(
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
      const event = encodeEnvelope({ v: 1, type: 'chat:room:heads', roomId, ...place, at, payload: '{}' });
      return { key: channel, commands: [['spublish', channel, event]] };
    });
    const upkeep = which === 'due' ? rooms.flatMap(([roomId]) => this.upkeep.silent(roomId) ?? []) : [];
    if (groups.length > 0) this.redis.send([...upkeep, ...groups], groups.length);
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
    this.redis.concerns(joining.traceId);
    const userIds = users.map(({ userId }) => userId);
    const groups = channels.map(
      (channel): KeyedCommands => ({ key: channel, commands: events.map((event) => ['spublish', channel, event]) }),
    );
    this.redis.send([...membershipHints('sadd', roomId, userIds), ...groups], events.length * channels.length);
  }

  /** Somebody is a participant no longer: told to the room's gateways and to those of the user. */
  left({ roomId, userId, head, rev, memberRev, epoch, traceId }: Leaving): void {
    const at = this.now();
    const left: RoomLeft = { roomId, userId, rev, timestamp: at };
    const place = { head, rev, memberRev, epoch };
    const header = { v: 1, type: 'chat:room:left', roomId, ...place, userId, trace: traceId, at } as const;
    const event = encodeEnvelope({ ...header, payload: JSON.stringify(left) });
    this.silent.changed(roomId, place, at);
    this.redis.concerns(traceId);
    const groups = [roomChannel(roomId), userChannel(userId)].map(
      (channel): KeyedCommands => ({ key: channel, commands: [['spublish', channel, event]] }),
    );
    this.redis.send([...membershipHints('srem', roomId, [userId]), ...groups], groups.length);
  }

  /** What a room shows of itself, its rules or roles have changed. */
  updated(end: LogEnd, traceId: string): void {
    const update = toRoomUpdate(end);
    const { roomId, head, rev, memberRev, epoch } = update;
    const place = { head, rev, memberRev, epoch };
    this.silent.changed(roomId, place, this.now());
    this.announce({ type: 'chat:room:updated', roomId, ...place, trace: traceId, payload: JSON.stringify(update) });
  }

  /**
   * Marks of a room's participants have risen, told by one event to everybody there, or to the own sockets of the reporter,
   * whose they all are then. Not repeated when lost: marks are in `resume` and `joinRoom` (R12: marks only rise).
   */
  receipts(roomId: string, receipts: readonly ParticipantReceipt[], to: 'everybody' | 'the reporter'): void {
    const toAll = to === 'everybody';
    for (const event of receiptEvents(roomId, receipts, this.now(), toAll ? undefined : true))
      this.publish(toAll ? roomChannel(roomId) : userChannel(event.userId ?? ''), encodeEnvelope(event));
  }

  /** Somebody is typing, or no longer. */
  typing(roomId: string, userId: string, isTyping: boolean, traceId: string): void {
    const payload = JSON.stringify({ roomId, userId, isTyping });
    this.announce({ type: 'chat:user:typing', roomId, userId, ...nowhere, trace: traceId, payload });
  }

  /** Tokens of a user issued before a time (Unix milliseconds) are refused from now on; told on the user's channel. */
  revoked(userId: string, revokedBefore: number): void {
    const payload = JSON.stringify({ userId, revokedBefore });
    const event = { v: 1, type: 'chat:user:revoked', roomId: '', userId, ...nowhere, at: this.now(), payload } as const;
    this.publish(userChannel(userId), encodeEnvelope(event));
  }

  private announce(event: Omit<EventEnvelope, 'v' | 'at'> & { readonly trace: string }): void {
    this.redis.concerns(event.trace);
    this.publish(roomChannel(event.roomId), encodeEnvelope({ v: 1, at: this.now(), ...event }));
  }

  private publish(channel: string, event: string): void {
    this.redis.send([{ key: channel, commands: [['spublish', channel, event]] }], 1);
  }
}
