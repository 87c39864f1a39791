import { Injectable } from '@nestjs/common';
import {
  ChatError,
  everyUserChannel,
  limits,
  protocolVersion,
  type Ready,
  type ReadyRoom,
  roomChannel,
  userChannel,
} from '@parlance/proto';
import { ConcurrencyLimiter } from '@parlance/runtime';
import type { Socket } from 'socket.io';
import { toFailure } from '../../../answers/ack.mapper.js';
import type { VerifiedToken } from '../../auth/tokens/jwt-verifier.js';
import { ConnectionRegistry } from '../fan-out/connection-registry.js';
import { RoomSubscriptions } from '../hearing/room-subscriptions.service.js';
import { RoomJoinService } from '../repair/room-join.service.js';
import { RoomQueries } from '../repair/room-queries.service.js';
import { eventFrame } from '../transport/frame.js';
import type { LocalSocket } from '../transport/local-socket.js';
import { type ConnectionCounts, refuseConnection } from './connection-policy.js';
import { makeRoom } from './make-room.js';

const confirmTimeoutMs = 1_000;

const minimumTimeoutMs = 500;

/**
 * The life of a socket: `prepare` while its handshake is under way, `open` once it is connected, `close` at its end.
 *
 * Nothing falls between the list of rooms and the live events: the user's channel is confirmed before the list is
 * read, and a room's feed starts at the head that the list says, whatever is read later (R10). With Redis away the
 * confirmations are not waited for longer than a second; they come later, and with them the comparison of heads.
 */
@Injectable()
export class ChatSessionService {
  /** Reading a user's rooms is the expensive part of a handshake, and after a restart everybody comes at once. */
  private readonly limiter = new ConcurrencyLimiter(16, () => new ChatError('DEADLINE_EXCEEDED'));

  constructor(
    private readonly connections: ConnectionRegistry,
    private readonly subscriptions: RoomSubscriptions,
    private readonly queries: RoomQueries,
    private readonly roomJoin: RoomJoinService,
  ) {}

  /**
   * Registers a socket for the user of a token and finds the user's rooms. Whatever happens next, the end of the connection closes it.
   * Where the user has too many already, one that does not answer any more makes room.
   *
   * @throws ChatError (rejects) TOO_MANY_CONNECTIONS; what the chat service says, or that it does not answer in time.
   */
  async prepare({ userId, ...token }: VerifiedToken, socket: Socket, terms: PrepareTerms): Promise<void> {
    if (socket.conn.readyState === 'closed')
      throw new ChatError('INVALID_MESSAGE', { message: 'The connection is gone.' });
    const { connections } = this;
    await makeRoom(
      () => [...connections.socketsOf(userId)],
      terms.most.ofUser,
      (silent) => this.giveUp(silent),
    );
    const refusal = refuseConnection(
      { ofUser: connections.countOf(userId), ofAll: connections.socketCount },
      terms.most,
    );
    if (refusal) throw refusal;
    const local = connections.admit(userId, socket);
    local.renew(token);
    // Socket.IO tells of the end of a socket only once it was connected.
    socket.conn.once('close', () => this.close(local));
    try {
      await this.subscriptions.settled([everyUserChannel, userChannel(userId)], confirmTimeoutMs);
      const heads = await this.limiter.run(terms.deadline, () =>
        this.queries.listRoomHeads(userId, Math.max(minimumTimeoutMs, terms.deadline - Date.now())),
      );
      const late = local.heads.filter(({ roomId }) => !heads.some((head) => head.roomId === roomId));
      local.heads = [...heads, ...late];
    } catch (thrown) {
      this.close(local);
      throw thrown;
    }
  }

  /** Joins the socket's rooms and sends `ready`, its first event. Never rejects. */
  async open(socket: LocalSocket): Promise<void> {
    socket.markOpening();
    if (socket.state !== 'opening') return;
    const { heads } = socket;
    const checks = heads.map((head) => this.roomJoin.enter(socket, head));
    const channels = new Set(heads.map(({ roomId }) => roomChannel(roomId)));
    await Promise.all([this.subscriptions.settled(channels, confirmTimeoutMs), ...checks]);
    socket.markLive(eventFrame('ready', JSON.stringify(this.readyOf(socket, heads))));
  }

  /** Forgets the socket. Closing again changes nothing. */
  close(socket: LocalSocket): void {
    socket.markClosed();
    this.connections.remove(socket);
  }

  /** If it is alive after all it learns why, and may come back. */
  private giveUp(socket: LocalSocket): void {
    socket.dismiss(
      eventFrame('exception', JSON.stringify(toFailure(new ChatError('TOO_MANY_CONNECTIONS'), Date.now()))),
    );
    this.close(socket);
  }

  private readyOf(socket: LocalSocket, heads: LocalSocket['heads']): Ready {
    const rooms: ReadyRoom[] = [];
    for (const known of heads) {
      const { roomId, readUpTo, deliveredUpTo } = known;
      const feed = this.connections.feedOf(roomId);
      const head = feed?.members.get(socket);
      if (feed === undefined || head === undefined) continue;
      const rev = known.epoch === feed.epoch ? known.rev : feed.rev;
      rooms.push({ roomId, head, rev, epoch: feed.epoch, readUpTo, deliveredUpTo });
      if (rooms.length === limits.rooms) break;
    }
    const { contentBytes, metadataBytes, eventBytes, pageItems } = limits;
    return {
      userId: socket.userId,
      serverTime: Date.now(),
      protocolVersion,
      rooms,
      limits: { contentBytes, metadataBytes, eventBytes, pageItems },
    };
  }
}

/** What holds for one handshake. */
export interface PrepareTerms {
  /** When it is given up, Unix milliseconds. */
  readonly deadline: number;
  readonly most: ConnectionCounts;
}
