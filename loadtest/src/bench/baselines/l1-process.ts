import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { Server } from 'socket.io';
import { newMessage, type SentMessage } from './new-message.ts';
import { sayReady, surroundings } from './surroundings.ts';

/**
 * L1: the afternoon's example. Socket.IO with its Redis adapter, a number by INCR, the message into a sorted set, an emit to
 * the room. With `store` it is L1m: each message is stored at a majority before it is acknowledged. Nothing keeps the order.
 */
const { port, redisUrl, mongoUri, store = false } = surroundings();
const redis = new Redis(redisUrl);
const [publisher, subscriber] = [redis.duplicate(), redis.duplicate()];
const collection = store ? (await new MongoClient(mongoUri).connect()).db().collection('messages') : undefined;
await collection?.createIndex({ roomId: 1, messageId: 1 }, { unique: true });
const server = createServer();
const io = new Server(server, {
  transports: ['websocket'],
  perMessageDeflate: false,
  adapter: createAdapter(publisher, subscriber),
});
io.on('connection', (socket) => {
  const user = String(socket.handshake.auth['token']);
  socket.on('join', async ({ roomId }: { roomId: string }, ack: Ack) => {
    await socket.join(roomId);
    ack({ success: true, data: {} });
  });
  socket.on('sendMessage', (payload: SentMessage, ack: Ack) => {
    send(user, payload).then(
      (data) => ack({ success: true, data }),
      (error: unknown) => ack({ success: false, error: { code: 'FAILED', message: String(error) } }),
    );
  });
});
server.listen(port, '127.0.0.1', sayReady);

type Ack = (answer: unknown) => void;

async function send(user: string, payload: SentMessage): Promise<unknown> {
  const messageId = await redis.incr(`chat:room:${payload.roomId}:msg_id`);
  const message = newMessage(messageId, user, payload);
  await collection?.insertOne({ ...message }, { writeConcern: { w: 'majority' } });
  await redis.zadd(`chat:room:${payload.roomId}:messages`, messageId, JSON.stringify(message));
  io.to(payload.roomId).emit('newMessage', message);
  return message;
}
