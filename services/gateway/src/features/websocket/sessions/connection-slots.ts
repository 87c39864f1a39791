import { ChatError, type UserId } from '@parlance/proto';
import type { Socket } from 'socket.io';
import { toFailure } from '../../../answers/ack.mapper.js';
import type { Clock } from '../../../clock.js';
import type { ConnectionRegistry } from '../fan-out/connection-registry.js';
import { exceptionFrame } from '../transport/frame.js';
import type { LocalSocket } from '../transport/local-socket.js';
import { type ConnectionCounts, refuseConnection } from './connection-policy.js';
import { makeRoom } from './make-room.js';

/** The connections that a user, and this gateway, may have at a time. */
export class ConnectionSlots {
  constructor(
    private readonly connections: ConnectionRegistry,
    private readonly most: ConnectionCounts,
    private readonly clock: Clock,
    private readonly pause: (ms: number) => Promise<unknown>,
  ) {}

  /**
   * Registers a socket for its user. Where the user has too many already, one that does not answer any more makes room.
   *
   * @throws ChatError (rejects) TOO_MANY_CONNECTIONS.
   */
  async take(userId: UserId, socket: Socket): Promise<LocalSocket> {
    const { connections, most, clock, pause } = this;
    await makeRoom(
      () => [...connections.socketsOf(userId)],
      most.ofUser,
      (silent) => this.giveUp(silent),
      { elapsedMs: clock.elapsedMs, pause },
    );
    const refusal = refuseConnection({ ofUser: connections.countOf(userId), ofAll: connections.socketCount }, most);
    if (refusal) throw refusal;
    return connections.admit(userId, socket);
  }

  /** Forgets the socket. Doing so again changes nothing. */
  free(socket: LocalSocket): void {
    socket.markClosed();
    this.connections.remove(socket);
  }

  /** If it is alive after all it learns why, and may come back. */
  private giveUp(socket: LocalSocket): void {
    socket.dismiss(exceptionFrame(toFailure(new ChatError('TOO_MANY_CONNECTIONS'), this.clock.now())));
    this.free(socket);
  }
}
