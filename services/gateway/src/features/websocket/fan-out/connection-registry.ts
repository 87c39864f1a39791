import type { HeardEvent, UserId } from '@parlance/proto';
import type { Socket } from 'socket.io';
import type { LocalSocket } from '../transport/local-socket.js';
import { type FeedStart, RoomFeed } from './room-feed.js';

/** Feed of a room for the sockets of this gateway. */
export type LocalFeed = RoomFeed<LocalSocket>;

/**
 * Who of this gateway listens to which room. A feed exists as long as it has a local member. Listeners are told when
 * feeds open and close, and when the first socket of a user comes and the last one goes.
 */
export class ConnectionRegistry {
  private readonly feeds = new Map<string, LocalFeed>();
  private readonly users = new Map<string, Set<LocalSocket>>();
  /** The feeds that each socket is in. */
  private readonly memberships = new WeakMap<LocalSocket, Set<LocalFeed>>();
  private readonly listeners: AudienceListener[] = [];
  /** Looked through every second, so not gathered from the users each time. */
  private readonly admitted = new Set<LocalSocket>();

  /** @param socketOf gives a Socket.IO socket its user. */
  constructor(private readonly socketOf: (userId: UserId, socket: Socket) => LocalSocket) {}

  /** Adds a listener. */
  listen(listener: AudienceListener): void {
    this.listeners.push(listener);
  }

  /** The feed of a room, if anybody here listens to it. */
  feedOf(roomId: string): LocalFeed | undefined {
    return this.feeds.get(roomId);
  }

  /** True as long as the feed is in use. */
  holds(feed: LocalFeed): boolean {
    return this.feeds.get(feed.roomId) === feed;
  }

  /** Rooms with a feed. */
  get roomIds(): readonly string[] {
    return [...this.feeds.keys()];
  }

  /** Number of feeds. */
  get roomCount(): number {
    return this.feeds.size;
  }

  /** Number of sockets, those in their handshake included. */
  get socketCount(): number {
    return this.admitted.size;
  }

  /** Bytes that wait to be sent, of all sockets. */
  get outgoingBytes(): number {
    let bytes = 0;
    for (const socket of this.admitted) bytes += socket.outgoingBytes;
    return bytes;
  }

  /** Sockets of a user, whatever their state. */
  socketsOf(userId: string): Iterable<LocalSocket> {
    return this.users.get(userId) ?? [];
  }

  /** Sockets of those whom a change of membership is about. */
  *concernedBy({ userId, userIds = [] }: Pick<HeardEvent, 'userId' | 'userIds'>): Iterable<LocalSocket> {
    for (const each of userId === undefined ? userIds : [userId]) yield* this.socketsOf(each);
  }

  /** Number of sockets of a user. */
  countOf(userId: string): number {
    return this.users.get(userId)?.size ?? 0;
  }

  /** All sockets. */
  sockets(): Iterable<LocalSocket> {
    return this.admitted;
  }

  /** Adds a socket to its user, as `preparing`. */
  admit(userId: UserId, socket: Socket): LocalSocket {
    const admitted = this.socketOf(userId, socket);
    this.admitted.add(admitted);
    const known = this.users.get(userId);
    if (known) {
      known.add(admitted);
    } else {
      this.users.set(userId, new Set([admitted]));
      for (const listener of this.listeners) listener.userCame?.(userId);
    }
    return admitted;
  }

  /** Removes a socket from its user and all feeds. Removing again changes nothing. */
  remove(socket: LocalSocket): void {
    for (const feed of this.memberships.get(socket) ?? []) this.leave(feed, socket);
    const known = this.users.get(socket.userId);
    if (!known?.delete(socket)) return;
    this.admitted.delete(socket);
    if (known.size > 0) return;
    this.users.delete(socket.userId);
    for (const listener of this.listeners) listener.userWent?.(socket.userId);
  }

  /** Makes a socket a member of a room who knows it up to `head`; opens the feed from `start` if there is none. */
  join(roomId: string, socket: LocalSocket, head: number, start: FeedStart): LocalFeed {
    const feed = this.feeds.get(roomId) ?? new RoomFeed<LocalSocket>(roomId, start);
    const isNew = !this.feeds.has(roomId);
    this.feeds.set(roomId, feed);
    feed.add(socket, head);
    const feeds = this.memberships.get(socket) ?? new Set();
    this.memberships.set(socket, feeds.add(feed));
    if (isNew) for (const listener of this.listeners) listener.feedOpened?.(feed);
    return feed;
  }

  /** Takes a socket out of a feed; a feed without members is closed. */
  leave(feed: LocalFeed, socket: LocalSocket): void {
    this.memberships.get(socket)?.delete(feed);
    feed.members.delete(socket);
    if (feed.members.size > 0 || !this.holds(feed)) return;
    this.feeds.delete(feed.roomId);
    for (const listener of this.listeners) listener.feedClosed?.(feed);
  }
}

/** Learns of comings and goings. */
export interface AudienceListener {
  userCame?(userId: string): void;
  userWent?(userId: string): void;
  feedOpened?(feed: LocalFeed): void;
  feedClosed?(feed: LocalFeed): void;
}
