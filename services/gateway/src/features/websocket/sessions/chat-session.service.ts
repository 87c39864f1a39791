import { ChatError, limits, protocolVersion, type Ready, type ReadyRoom } from '@parlance/proto';
import type { Socket } from 'socket.io';
import type { VerifiedToken } from '../../auth/tokens/jwt-verifier.js';
import type { ConnectionRegistry } from '../fan-out/connection-registry.js';
import { eventFrame } from '../transport/frame.js';
import type { LocalSocket } from '../transport/local-socket.js';
import type { ConnectionSlots } from './connection-slots.js';
import type { SessionRooms } from './session-rooms.js';

/** The life of a socket: `prepare` while its handshake is under way, `open` once it is connected, `close` at its end. */
export class ChatSessionService {
  constructor(
    private readonly slots: ConnectionSlots,
    private readonly rooms: SessionRooms,
    private readonly connections: Pick<ConnectionRegistry, 'feedOf'>,
    private readonly now: () => number,
  ) {}

  /**
   * Registers a socket for the user of a token and finds the user's rooms until `deadlineAt`, Unix milliseconds. Whatever
   * happens next, the end of the connection closes it.
   *
   * @throws ChatError (rejects) TOO_MANY_CONNECTIONS; what the chat service says, or that it does not answer in time.
   */
  async prepare({ userId, ...token }: VerifiedToken, socket: Socket, deadlineAt: number): Promise<void> {
    if (socket.conn.readyState === 'closed')
      throw new ChatError('INVALID_MESSAGE', { message: 'The connection is gone.' });
    const local = await this.slots.take(userId, socket);
    local.renew(token);
    // Socket.IO tells of the end of a socket only once it was connected.
    socket.conn.once('close', () => this.close(local));
    try {
      const heads = await this.rooms.find(userId, deadlineAt);
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
    await this.rooms.join(socket, heads);
    socket.markLive(eventFrame('ready', JSON.stringify(this.readyOf(socket, heads))));
  }

  /** Forgets the socket. Closing again changes nothing. */
  close(socket: LocalSocket): void {
    this.slots.free(socket);
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
      serverTime: this.now(),
      protocolVersion,
      rooms,
      limits: { contentBytes, metadataBytes, eventBytes, pageItems },
    };
  }
}
