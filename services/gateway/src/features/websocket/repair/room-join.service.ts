import { Injectable } from '@nestjs/common';
import type { RoomHead } from '@parlance/proto';
import { ConnectionRegistry } from '../fan-out/connection-registry.js';
import type { LocalSocket } from '../transport/local-socket.js';
import { RoomRepair } from './room-repair.service.js';

const rereadTimeoutMs = 1_000;

/** Brings a socket into a room that was read from the list of its user's rooms. */
@Injectable()
export class RoomJoinService {
  constructor(
    private readonly connections: ConnectionRegistry,
    private readonly repair: RoomRepair,
  ) {}

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
}
