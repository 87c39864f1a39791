import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { limits } from '@parlance/proto';
import type { Server, ServerOptions, Socket } from 'socket.io';
import type { GatewayConfig } from '../../../config.js';
import { isOriginAllowed } from '../../auth/origins/origin-policy.js';
import { measuringDecoder } from './measuring-decoder.js';
import { pingIntervalMs, pingTimeoutMs } from './ping-times.js';
import { connectionsOf, cut, extendDecoder, waitForGoodbyes } from './socket-internals.js';

const goodbyeMs = 1_000;

/** Nest's Socket.IO adapter with this gateway's transport settings, and one shared receiver of all sockets' events in place of its own. */
export class ChatIoAdapter extends IoAdapter {
  private server: Server | undefined;

  constructor(
    app: INestApplicationContext,
    private readonly config: GatewayConfig,
    private readonly receive: (socket: Socket) => void,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const { transports, authTimeoutMs, allowedOrigins } = this.config;
    this.server = super.createIOServer(port, {
      ...options,
      serveClient: false,
      transports: [...transports],
      connectTimeout: authTimeoutMs,
      pingInterval: pingIntervalMs,
      pingTimeout: pingTimeoutMs,
      // Far above the limit of an event, so that what is over it is answered: MESSAGE_TOO_LARGE, and the connection stays.
      maxHttpBufferSize: limits.transportBytes,
      perMessageDeflate: false,
      cors: { origin: (origin, decide) => decide(null, isOriginAllowed(origin, allowedOrigins)) },
    } as ServerOptions);
    waitForGoodbyes(this.server, goodbyeMs);
    extendDecoder(this.server, measuringDecoder);
    // Socket.IO always has this namespace; joining it would be a way to stay connected without a token.
    this.server.of('/').use((_socket, next) => next(new Error('Invalid namespace')));
    return this.server;
  }

  /** Closes all connections, without a goodbye after which clients would stay away; cuts those that have not answered the farewell within a second. */
  async disconnectAll(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    for (const connection of connectionsOf(server)) connection.close();
    for (let waited = 0; server.engine.clientsCount > 0 && waited < goodbyeMs; waited += 20) await delay(20);
    for (const connection of connectionsOf(server)) cut(connection);
  }

  override bindMessageHandlers(socket: Socket): void {
    this.receive(socket);
  }
}
