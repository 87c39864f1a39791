import { limits, type RoomHead, type UserId } from '@parlance/proto';
import { ConnectionRegistry } from '../fan-out/connection-registry.js';
import { eventFrame } from '../transport/frame.js';
import type { LocalSocket } from '../transport/local-socket.js';
import { RoomRepair } from './room-repair.service.js';

const rereadTimeoutMs = 1_000;

/** Brings a socket into a room that was read from the list of its user's rooms. */
export class RoomJoinService {
  constructor(
    private readonly connections: ConnectionRegistry,
    private readonly repair: RoomRepair,
  ) {}

  /**
   * Brings the sockets of a user into those of the user's rooms that they are not in, and tells them by `heads`. Never
   * rejects.
   */
  async enterMissed(userId: UserId, heads: readonly RoomHead[]): Promise<void> {
    await Promise.all([...this.connections.socketsOf(userId)].map((socket) => this.enterAll(socket, heads)));
  }

  /**
   * Makes the socket a member of the room, if its user still is one. Where the local feed knows another membership than
   * the list did, the participants are read again; that is waited for no longer than a second. Never rejects.
   */
  async enter(socket: LocalSocket, known: RoomHead): Promise<void> {
    const { roomId, head, memberRev, epoch } = known;
    const feed = this.connections.feedOf(roomId);
    const age = feed && this.repair.learn(feed, known);
    if (feed === undefined || (feed.memberRev === memberRev && age !== 'older')) {
      const joined = this.connections.join(roomId, socket, Math.max(head, feed?.head ?? 0), { head, memberRev, epoch });
      joined.learn(known);
      return void this.repair.ensure(joined);
    }
    feed.doubtMembers();
    await Promise.race([this.repair.ensure(feed), new Promise((resolve) => setTimeout(resolve, rereadTimeoutMs))]);
  }

  private async enterAll(socket: LocalSocket, heads: readonly RoomHead[]): Promise<void> {
    const isIn = ({ roomId }: RoomHead): boolean => this.connections.feedOf(roomId)?.members.has(socket) ?? false;
    const missed = heads.filter((known) => !isIn(known));
    if (!socket.canJoin) {
      for (const known of missed) socket.noteLateRoom(known);
      return;
    }
    await Promise.all(missed.map((known) => this.enter(socket, known)));
    const entered = missed.filter(isIn);
    for (let start = 0; start < entered.length; start += limits.rooms) {
      const some = entered.slice(start, start + limits.rooms);
      const told = Object.fromEntries(some.map(({ roomId, head, rev, epoch }) => [roomId, { head, rev, epoch }]));
      socket.deliver(eventFrame('heads', JSON.stringify(told)));
    }
  }
}
