import 'reflect-metadata';
import { Metadata } from '@grpc/grpc-js';
import { Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type ClientGrpc, ClientsModule, Transport } from '@nestjs/microservices';
import { IoAdapter } from '@nestjs/platform-socket.io';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { firstValueFrom, type Observable } from 'rxjs';
import type { Server, ServerOptions, Socket } from 'socket.io';
import type { BaselineMessage, SentMessage } from '../new-message.ts';
import { sayReady, surroundings } from '../surroundings.ts';

/**
 * L2's gateway, as the original design tells it: Nest's Socket.IO adapter with the Redis adapter, a unary call a message, a
 * classic subscription, and an emit to each recipient by name.
 */
@WebSocketGateway({ namespace: '/chat', transports: ['websocket'] })
class ChatGateway implements OnGatewayConnection {
  @WebSocketServer() private readonly server!: Server;

  constructor(@Inject('CHAT') private readonly client: ClientGrpc) {}

  async handleConnection(socket: Socket): Promise<void> {
    socket.data['userId'] = String(socket.handshake.auth['token']);
    await socket.join(`user:${socket.data['userId']}`);
  }

  @SubscribeMessage('join')
  async joinRoom(@ConnectedSocket() socket: Socket, @MessageBody() payload: { roomId: string }): Promise<unknown> {
    const userId = String(socket.data['userId']);
    const data = await firstValueFrom(this.service.joinRoom({ userId, roomId: payload.roomId }, metadataOf(userId)));
    return { success: true, data, timestamp: new Date() };
  }

  @SubscribeMessage('sendMessage')
  async sendMessage(@ConnectedSocket() socket: Socket, @MessageBody() payload: SentMessage): Promise<unknown> {
    const senderId = String(socket.data['userId']);
    const request = { senderId, ...payload, messageType: 'text' };
    const data = await firstValueFrom(this.service.sendMessage(request, metadataOf(senderId)));
    return { success: true, data, timestamp: new Date() };
  }

  handleNewMessage({ message, recipients }: NewMessageEvent): void {
    for (const userId of recipients) this.server.to(`user:${userId}`).emit('newMessage', message);
  }

  private get service(): ChatService {
    return this.client.getService<ChatService>('ChatService');
  }
}

interface ChatService {
  joinRoom(request: { userId: string; roomId: string }, metadata: Metadata): Observable<unknown>;
  sendMessage(request: SentMessage & { senderId: string }, metadata: Metadata): Observable<BaselineMessage>;
}

interface NewMessageEvent {
  readonly message: BaselineMessage;
  readonly recipients: readonly string[];
}

class RedisIoAdapter extends IoAdapter {
  override createIOServer(port: number, options?: ServerOptions): Server {
    const server = super.createIOServer(port, { ...options, perMessageDeflate: false } as ServerOptions);
    server.adapter(createAdapter(redis.duplicate(), redis.duplicate()));
    return server;
  }
}

const { port, redisUrl, grpcUrl = '' } = surroundings();
const redis = new Redis(redisUrl);

@Module({
  imports: [
    ClientsModule.register([
      {
        name: 'CHAT',
        transport: Transport.GRPC,
        options: {
          package: 'chat',
          protoPath: process.argv[3] ?? '',
          url: grpcUrl,
          loader: { longs: Number, defaults: true, arrays: true },
        },
      },
    ]),
  ],
  providers: [ChatGateway],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: false });
app.useWebSocketAdapter(new RedisIoAdapter(app));
await app.listen(port, '127.0.0.1');
const gateway = app.get(ChatGateway);
const subscriber = redis.duplicate();
await subscriber.subscribe('chat:message:new');
subscriber.on('message', (_channel, text) => {
  gateway.handleNewMessage((JSON.parse(text) as { data: NewMessageEvent }).data);
});
sayReady();

function metadataOf(userId: string): Metadata {
  const metadata = new Metadata();
  metadata.add('user-id', userId);
  metadata.add('x-trace-id', `chat-${Date.now()}`);
  return metadata;
}
