import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { freePorts } from '@parlance/devstack';
import { Server, type Socket } from 'socket.io';
import { FaultyRoom, type PlantedFaults } from './faulty-room.ts';

/**
 * A gateway that is just good enough for the scenarios and makes mistakes on purpose: each of `faults` once, in the first room and, where
 * it is about what somebody gets, to the participant who was named last. Tokens are the users' ids.
 */
export async function startFaultyGateway(
  faults: PlantedFaults & GatewayFaults,
): Promise<AsyncDisposable & { readonly gatewayUrl: string }> {
  const [port = 0] = await freePorts(1);
  const rooms = new Map<string, FaultyRoom>();
  const roomsOf = (userId: string): FaultyRoom[] => [...rooms.values()].filter((room) => room.has(userId));
  const http = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      if (request.url !== '/api/v1/rooms') return answer(response, { token: body.userId });
      if (request.method === 'GET') return answer(response, []);
      if (rooms.size === faults.roomsRefusedFrom) return answer(response, undefined, 503);
      const creator = String(request.headers.authorization).replace('Bearer ', '');
      const roomId = `room-${rooms.size + 1}`;
      rooms.set(
        roomId,
        new FaultyRoom(roomId, [creator, ...(body.participants ?? [])], rooms.size === 0 ? faults : {}),
      );
      return answer(response, { roomId });
    });
  });
  const server = new Server(http, { transports: ['websocket'] });
  const chat = server.of('/chat');
  const stillRefused = new Set<string>();
  chat.use((socket, next) => {
    const [room] = roomsOf(userOf(socket));
    const isRefused = room?.numberOf(userOf(socket)) === faults.refusedPerson && !stillRefused.has(userOf(socket));
    stillRefused.add(userOf(socket));
    next(isRefused ? new Error('Planted.') : undefined);
  });
  chat.on('connection', (socket) => {
    const userId = userOf(socket);
    const mine = roomsOf(userId);
    socket.emit('ready', { userId, rooms: mine.map(({ roomId, head }) => ({ roomId, head })) });
    socket.on('listRooms', (_payload: object, ack: Ack) => {
      const isUnlisted = faults.unlisted === true && mine.some((room) => room.victim === userId);
      ack({ success: true, data: isUnlisted ? [] : mine });
    });
    socket.on('sendMessage', (payload: { readonly roomId: string }, ack: Ack) => {
      rooms.get(payload.roomId)?.send({ ...payload, senderId: userId }, ack, (receiver, message) => {
        for (const each of chat.sockets.values()) if (userOf(each) === receiver) each.emit('newMessage', message);
      });
    });
    socket.on('getHistory', (payload: { readonly roomId: string; readonly limit: number }, ack: Ack) => {
      ack(rooms.get(payload.roomId)?.page(payload) ?? {});
    });
    socket.on('resume', (payload: { readonly rooms: Readonly<Record<string, number>> }, ack: Ack) => {
      const missed = Object.entries(payload.rooms).map(([roomId, id]) => [
        roomId,
        rooms.get(roomId)?.missed(userId, id),
      ]);
      ack({ success: true, data: { rooms: Object.fromEntries(missed) } });
    });
  });
  await new Promise<void>((resolve) => void http.listen(port, '127.0.0.1', resolve));
  return { gatewayUrl: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server.close() };
}

/** Mistakes that are not about the messages of a room. */
export interface GatewayFaults {
  /** Rooms behind so many are not made. */
  readonly roomsRefusedFrom?: number;
  /** The first connection of that participant, from 0, is refused. */
  readonly refusedPerson?: number;
  /** The list of rooms is empty. */
  readonly unlisted?: boolean;
}

type Ack = (answer: object) => void;

function userOf(socket: Socket): string {
  return String(socket.handshake.auth['token']);
}

function answer(response: ServerResponse, data: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ success: status === 200, data }));
}

async function bodyOf(request: IncomingMessage): Promise<{ userId?: string; participants?: string[] }> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : (JSON.parse(text) as { userId?: string; participants?: string[] });
}
