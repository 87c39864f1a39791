import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { toFailure } from '../../../answers/ack.mapper.js';
import { ConnectionRegistry } from '../../websocket/fan-out/connection-registry.js';
import { eventFrame } from '../../websocket/transport/frame.js';
import type { LocalSocket } from '../../websocket/transport/local-socket.js';
import { tokenFault } from '../tokens/token-life.js';
import { RevocationTable } from './revocation-table.js';

const everyMs = 1_000;

/**
 * Closes sockets whose token was revoked as soon as this gateway learns it, and those whose token has run out up to a
 * second late: one timer looks through all of them. The client is told by `exception` first, and may come back with
 * another token.
 */
@Injectable()
export class TokenWatch implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly connections: ConnectionRegistry,
    private readonly revocations: RevocationTable,
  ) {}

  onModuleInit(): void {
    this.revocations.onRevoked((userId) => this.check(this.connections.socketsOf(userId), Date.now()));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.check(this.connections.sockets(), Date.now()), everyMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Closes those of the sockets whose token does not hold at `now`, Unix milliseconds. */
  check(sockets: Iterable<LocalSocket>, now: number): void {
    for (const socket of sockets) {
      if (!socket.canJoin || socket.token === undefined) continue;
      const fault = tokenFault(socket.token, this.revocations.revokedBefore(socket.userId), now);
      if (fault !== undefined) {
        socket.dismiss(eventFrame('exception', JSON.stringify(toFailure(fault, now))));
      }
    }
  }
}
