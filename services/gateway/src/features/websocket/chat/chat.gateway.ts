import {
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  WebSocketGateway,
} from '@nestjs/websockets';
import { calledOperations, operations } from '@parlance/proto/operations';
import type { Namespace, Socket } from 'socket.io';
import type { Caller } from '../../auth/tokens/caller.js';
import { ChatSessionService } from '../sessions/chat-session.service.js';
import { SocketAuth } from '../sessions/socket-auth.js';
import { namespace } from '../transport/frame.js';
import { LocalSocket } from '../transport/local-socket.js';
import { releaseHandshake } from '../transport/socket-internals.js';
import { ChatDistributorService } from './chat-distributor.service.js';
import { plainSend } from './dto/plain-send.js';
import { validate } from './dto/validate.js';
import { SocketDispatcher, type SocketHandlers } from './socket-dispatcher.js';

/** The socket side of the chat: one handler for every client event. Called by the {@link SocketDispatcher}. */
@WebSocketGateway({ namespace })
export class ChatGateway implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect {
  constructor(
    private readonly distributor: ChatDistributorService,
    private readonly sessions: ChatSessionService,
    private readonly auth: SocketAuth,
    private readonly dispatcher: SocketDispatcher,
  ) {}

  afterInit(server: Namespace): void {
    this.dispatcher.register(this.handlers());
    server.use(this.auth.middleware);
  }

  handleConnection(socket: Socket): void {
    releaseHandshake(socket);
    void this.sessions.open(LocalSocket.of(socket));
  }

  /** A connection that left the namespace has no other use. */
  handleDisconnect(socket: Socket): void {
    this.sessions.close(LocalSocket.of(socket));
    socket.conn.close();
  }

  /** Each validates, calls and returns: the chat service, or here for what concerns the connection alone. */
  private handlers(): SocketHandlers {
    const asked = calledOperations
      .filter(({ event }) => event !== undefined)
      .map((operation) => [
        operation.name,
        (caller: Caller, payload: unknown) =>
          this.distributor.ask(
            operation,
            caller,
            plain(operation.name, payload) ?? validate(operation.payload, payload),
          ),
      ]);
    const { payload: token } = operations.refreshToken;
    return {
      ...(Object.fromEntries(asked) as Omit<SocketHandlers, 'refreshToken'>),
      refreshToken: (caller, payload) => this.auth.refresh(caller, validate(token, payload).token),
    };
  }
}

/** The payload of an event that needs no look at its schema. */
function plain(event: string, payload: unknown): unknown {
  return event === 'sendMessage' ? plainSend(payload) : undefined;
}
