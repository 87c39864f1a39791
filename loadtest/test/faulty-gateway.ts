import { createServer, type IncomingMessage } from 'node:http';
import { freePorts } from '@parlance/devstack';
import { Server } from 'socket.io';

const roomId = 'faulty-room';

/**
 * A gateway that is just good enough for the smoke scenario and makes mistakes on purpose. To one of its sockets it does not
 * send message 100, sends 200 twice and 301 before 300; and it refuses one send.
 */
export async function startFaultyGateway(): Promise<AsyncDisposable & { readonly gatewayUrl: string }> {
  const [port = 0] = await freePorts(1);
  const messages: { readonly messageId: number }[] = [];
  const http = createServer((request, response) => {
    void bodyOf(request).then(({ userId }) => {
      response.setHeader('content-type', 'application/json');
      const data = request.url === '/api/v1/rooms' ? { roomId } : { token: userId };
      response.end(JSON.stringify({ success: true, data }));
    });
  });
  const server = new Server(http, { transports: ['websocket'] });
  const chat = server.of('/chat');
  let victim: string | undefined;
  let hasRefused = false;
  let held: unknown;
  chat.on('connection', (socket) => {
    victim ??= socket.id;
    socket.emit('ready', { userId: socket.handshake.auth['token'], rooms: [{ roomId, head: messages.length }] });
    socket.on('sendMessage', (payload: object, ack: Ack) => {
      if (messages.length === 400 && !hasRefused) {
        hasRefused = true;
        return ack({ success: false, error: { code: 'RATE_LIMITED', message: 'Planted.', outcome: 'rejected' } });
      }
      const message = { ...payload, messageId: messages.length + 1 };
      messages.push(message);
      for (const receiver of chat.sockets.values()) {
        const emit = (what: unknown): void => void receiver.emit('newMessage', what);
        if (receiver.id !== victim) emit(message);
        else if (message.messageId === 300) held = message;
        else if (message.messageId !== 100) emit(message);
        if (receiver.id === victim && message.messageId === 200) emit(message);
        if (receiver.id === victim && message.messageId === 301) emit(held);
      }
      ack({ success: true, data: message });
    });
    socket.on('getHistory', ({ afterId, limit }: { afterId: number; limit: number }, ack: Ack) => {
      const data = messages.slice(afterId, afterId + limit);
      ack({ success: true, data, hasMore: afterId + data.length < messages.length });
    });
  });
  await new Promise<void>((resolve) => void http.listen(port, '127.0.0.1', resolve));
  return { gatewayUrl: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server.close() };
}

type Ack = (answer: object) => void;

async function bodyOf(request: IncomingMessage): Promise<{ userId?: string }> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as { userId?: string };
}
