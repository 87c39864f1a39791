import type { HeardEvent } from '@parlance/proto';
import { ConnectionRegistry, type LocalFeed } from '../fan-out/connection-registry.js';
import { RoomDelivery, type RoomPlace } from '../fan-out/room-delivery.service.js';
import { ChatResilienceService } from '../repair/chat-resilience.service.js';
import { RoomRepair } from '../repair/room-repair.service.js';

/** Takes every event of the chat service to the feed of its room, and opens feeds for rooms that users here enter. */
export class ChatSyncService {
  constructor(
    private readonly connections: ConnectionRegistry,
    private readonly delivery: RoomDelivery,
    private readonly repair: RoomRepair,
    private readonly resilience: ChatResilienceService,
  ) {}

  /** Handles one event; does nothing for rooms and users that nobody here belongs to. */
  handleEvent(event: HeardEvent): void {
    const feed = this.connections.feedOf(event.roomId);
    if (feed) this.offer(feed, event);
    else if (event.type === 'chat:room:joined') this.openFor(event);
  }

  /**
   * Brings a user's sockets into a room that the user has just created or joined. The event of it does the same; what
   * comes second changes nothing.
   */
  roomEntered(userId: string, room: RoomPlace): void {
    const { roomId, head, memberRev, epoch = 0 } = room;
    for (const socket of this.connections.socketsOf(userId)) {
      this.delivery.bringIn(socket, room, { head, memberRev, epoch, announcedUpTo: 0 });
    }
    const feed = this.connections.feedOf(roomId);
    if (feed) this.repair.learn(feed, room);
    if (feed?.need) void this.repair.ensure(feed);
  }

  /** Up to where a connection of a user may have been told of a room that it hears; undefined when it does not hear it. */
  seenBy(userId: string, session: object | undefined, roomId: string): number | undefined {
    const feed = this.connections.feedOf(roomId);
    for (const socket of this.connections.socketsOf(userId)) if (socket === session) return feed?.seenBy(socket);
    return undefined;
  }

  /** A message was acknowledged to somebody here: no page that they ask for from now on may lack it. */
  acknowledged(roomId: string, messageId: number, epoch: number): void {
    this.connections.feedOf(roomId)?.noteAcknowledged(messageId, epoch);
  }

  private offer(feed: LocalFeed, event: HeardEvent): void {
    const age = feed.meet(event.epoch);
    if (age === 'newer') void this.repair.beginAnew(feed, placeBefore(event));
    // One that comes late, or of a log that was put back by hand.
    if (age === 'older') return this.resilience.check([feed.roomId]);
    const verdict = feed.offer(event);
    if (verdict.kind === 'drop' && event.type === 'chat:message:new' && event.head < feed.head)
      this.resilience.check([feed.roomId]);
    this.delivery.act(feed, event, verdict);
    if (feed.need) void this.repair.ensure(feed);
  }

  /** People were added to a room that has no feed here. The feed starts just before the event, which is then its first. */
  private openFor(event: HeardEvent): void {
    const { head, memberRev, epoch = 0 } = event;
    const start = { head, epoch, memberRev: memberRev - 1, announcedUpTo: memberRev - 1 };
    for (const socket of this.connections.concernedBy(event)) this.delivery.bringIn(socket, event, start);
    const feed = this.connections.feedOf(event.roomId);
    if (feed) this.offer(feed, event);
  }
}

/** Where a room stood before an event that is the first to tell of its log. */
function placeBefore({ type, roomId, head, rev, memberRev, epoch = 0 }: HeardEvent): RoomPlace {
  const isMembership = type === 'chat:room:joined' || type === 'chat:room:left';
  return {
    roomId,
    head: type === 'chat:message:new' ? head - 1 : head,
    rev,
    memberRev: isMembership ? memberRev - 1 : memberRev,
    epoch,
  };
}
