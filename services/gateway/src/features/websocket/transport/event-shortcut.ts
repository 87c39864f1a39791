import { limits } from '@parlance/proto';
import type { Socket } from 'socket.io';
import { namespace } from './frame.js';
import { type EventPacket, internalsOf, type PacketListener, type WebSocketInternals } from './socket-internals.js';

/** Engine.IO's type of a message, Socket.IO's of an event, the namespace. */
const eventHead = Buffer.from(`42${namespace},`);

/** Engine.IO's answer to a ping, which says no more than that it has come. */
const pong = 0x33;

/** What Socket.IO refuses as the name of an event. */
const reserved: ReadonlySet<unknown> = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
]);

/**
 * Takes the events of a connected socket from its WebSocket to their receiver, past the layers of Engine.IO and Socket.IO.
 * Whatever is not plainly an event goes their way: other packets, binary attachments, what they would refuse.
 *
 * @param listener is told of everything that arrives, of whatever kind.
 */
export function takeShortcut(listener: PacketListener): void {
  const { conn } = internalsOf(listener.socket);
  const { socket: webSocket } = conn.transport;
  if (webSocket === undefined) {
    conn.on('packet', () => listener.hear());
    return;
  }
  // The only one is Engine.IO's own, which does what `onMessage` does at its end.
  webSocket.removeAllListeners('message');
  webSocket.listener = listener;
  webSocket.on('message', onMessage);
}

/** One function for all: a closure for each socket would take more memory. */
function onMessage(this: WebSocketInternals, data: Buffer, isBinary: boolean): void {
  const { listener } = this;
  if (listener === undefined) return;
  listener.hear();
  if (data.length === 1 && data[0] === pong && !isBinary) return;
  const { socket } = listener;
  const { conn } = internalsOf(socket);
  const packet = isBinary || !socket.connected || conn.readyState !== 'open' ? undefined : readEvent(data);
  // At the end of the turn, as Socket.IO does it: what came before by the other way stays before it.
  if (packet !== undefined) process.nextTick(receive, socket, packet);
  else conn.transport.onData(isBinary ? data : data.toString());
}

function receive(socket: Socket, packet: EventPacket): void {
  internalsOf(socket).onevent(packet);
}

/** The event in a text message; undefined when it is anything else, or nothing that Socket.IO would take. */
export function readEvent(message: Buffer): EventPacket | undefined {
  if (message.length <= eventHead.length || message.compare(eventHead, 0, eventHead.length, 0, eventHead.length) !== 0)
    return undefined;
  const start = message.indexOf(0x5b, eventHead.length); // [
  const id = start < 0 ? '' : message.toString('latin1', eventHead.length, start);
  if (start < 0 || !isDigits(id)) return undefined;
  const data = parse(message.toString('utf8', start));
  if (!Array.isArray(data) || typeof data[0] !== 'string' || reserved.has(data[0])) return undefined;
  const isTooLarge = message.length - 1 > limits.eventBytes;
  return { data, ...(id === '' ? {} : { id: Number(id) }), ...(isTooLarge ? { isTooLarge } : {}) };
}

function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The layers close such a connection.
  }
}
