import 'reflect-metadata';
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, Transport } from '@nestjs/microservices';
import { Redis } from 'ioredis';
import { type Collection, MongoClient } from 'mongodb';
import { type BaselineMessage, newMessage } from '../new-message.ts';
import { sayReady, surroundings } from '../surroundings.ts';

/**
 * L2's chat service, as the original design tells it: a unary call a message, Redis commands one after the other, a number by
 * INCR, `insertOne` into the month's collection, a classic PUBLISH that names all recipients.
 */
@Controller()
class ChatController {
  constructor(
    @Inject('REDIS') private readonly redis: Redis,
    @Inject('MESSAGES') private readonly messages: Collection,
  ) {}

  @GrpcMethod('ChatService', 'JoinRoom')
  async joinRoom({ userId, roomId }: { userId: string; roomId: string }): Promise<{ roomId: string }> {
    await this.redis.sadd(`room:${roomId}:participants`, userId);
    await this.redis.sadd(`user:${userId}:rooms`, roomId);
    return { roomId };
  }

  @GrpcMethod('ChatService', 'SendMessage')
  async sendMessage(request: SendMessageRequest): Promise<BaselineMessage> {
    const { senderId, roomId } = request;
    if ((await this.redis.sismember(`room:${roomId}:participants`, senderId)) === 0)
      throw new Error('NOT_A_PARTICIPANT');
    const messageId = await this.redis.incr(`chat:room:${roomId}:msg_id`);
    const message = newMessage(messageId, senderId, request);
    await this.messages.insertOne({ ...message });
    await this.redis.zadd(`chat:room:${roomId}:messages`, messageId, JSON.stringify(message));
    const recipients = await this.redis.smembers(`room:${roomId}:participants`);
    await this.redis.publish('chat:message:new', JSON.stringify({ data: { roomId, message, recipients } }));
    return message;
  }
}

interface SendMessageRequest {
  readonly senderId: string;
  readonly roomId: string;
  readonly content: string;
  readonly clientMessageId: string;
}

const { port, redisUrl, mongoUri } = surroundings();
const client = await new MongoClient(mongoUri).connect();
const messages = client.db().collection(`messages_${new Date().toISOString().slice(0, 7).replace('-', '_')}`);
await messages.createIndex({ monthYear: 1, roomId: 1, messageId: 1 });

@Module({
  controllers: [ChatController],
  providers: [
    { provide: 'REDIS', useValue: new Redis(redisUrl) },
    { provide: 'MESSAGES', useValue: messages },
  ],
})
class AppModule {}

const app = await NestFactory.createMicroservice(AppModule, {
  logger: false,
  transport: Transport.GRPC,
  options: {
    package: 'chat',
    protoPath: process.argv[3] ?? '',
    url: `127.0.0.1:${port}`,
    loader: { longs: Number, defaults: true, arrays: true },
  },
});
await app.listen();
sayReady();
