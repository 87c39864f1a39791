import { type WebSocket, WebSocketServer } from 'ws';
import { newMessage, type SentMessage } from './new-message.ts';
import { sayReady, surroundings } from './surroundings.ts';

/**
 * L0: what a delivery costs at least. A raw `ws` server that numbers messages in memory and sends each member the same
 * frame; no Redis, no database, one process for ever. It speaks as much of Socket.IO as the crowd needs.
 */
interface Room {
  lastId: number;
  readonly members: Set<WebSocket>;
}

const rooms = new Map<string, Room>();
// It never asks for life, and says that it does so once an hour.
const engineOpen = '0{"sid":"l0","upgrades":[],"pingInterval":3600000,"pingTimeout":20000,"maxPayload":1000000}';
const server = new WebSocketServer({ port: surroundings().port, host: '127.0.0.1', perMessageDeflate: false });
let connections = 0;
server.on('listening', sayReady);
server.on('connection', (socket) => {
  const user = `user-${connections++}`;
  socket.send(engineOpen);
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text.startsWith('40')) return socket.send('40{"sid":"l0"}');
    const bracket = text.indexOf('[');
    if (!text.startsWith('42') || bracket === -1) return undefined;
    const [name, payload] = JSON.parse(text.slice(bracket)) as [string, SentMessage];
    const room = roomOf(payload.roomId);
    const answer = name === 'join' ? join(room, socket) : send(room, user, payload);
    return socket.send(`43${text.slice(2, bracket)}[{"success":true,"data":${answer}}]`);
  });
});

function roomOf(roomId: string): Room {
  const room = rooms.get(roomId) ?? { lastId: 0, members: new Set() };
  rooms.set(roomId, room);
  return room;
}

function join(room: Room, socket: WebSocket): string {
  room.members.add(socket);
  return '{}';
}

function send(room: Room, user: string, payload: SentMessage): string {
  room.lastId += 1;
  const json = JSON.stringify(newMessage(room.lastId, user, payload));
  const frame = Buffer.from(`42["newMessage",${json}]`);
  for (const member of room.members) member.send(frame, { binary: false });
  return json;
}
