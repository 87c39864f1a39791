import type { Writable } from 'node:stream';
import type { Server, Socket } from 'socket.io';
import type { Frame, FrameOptions } from './frame.js';

/**
 * The parts of Socket.IO 4.8 and Engine.IO 6.6 that are used beyond their public types. All of them are here, and the
 * exact version is pinned: broadcasting adapters write the same way
 * (https://github.com/socketio/socket.io/blob/main/packages/socket.io-adapter/lib/in-memory-adapter.ts, `broadcast`).
 */
export interface SocketInternals {
  onevent(packet: EventPacket): void;
  readonly client: { writeToEngine(packets: string, options: FrameOptions): void };
  readonly conn: EngineConnection;
  handshake: unknown;
}

/** An Engine.IO connection. `transport.socket` is there for WebSocket only. */
export interface EngineConnection {
  readonly readyState: string;
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: { readonly socket?: WebSocketInternals; onData(data: string | Buffer): void };
  request: object | undefined;
  pingIntervalTimer: NodeJS.Timeout | null;
  pingTimeoutTimer: NodeJS.Timeout | null;
  close(discard?: boolean): void;
  /** A client answers each. */
  sendPacket(type: 'ping'): void;
  /** Everything that arrives. */
  on(event: 'packet', listener: () => void): void;
}

/** A WebSocket of `ws` 8.21. */
export interface WebSocketInternals {
  readonly bufferedAmount: number;
  /** 1: open. */
  readonly readyState: number;
  /** Its TCP socket; `ws` writes each frame to it at once, since nothing is compressed. */
  readonly _socket: Writable | null;
  /** Ours: who hears what arrives. */
  listener?: PacketListener;
  terminate(): void;
  on(event: 'message', listener: (this: WebSocketInternals, data: Buffer, isBinary: boolean) => void): void;
  removeAllListeners(event: 'message'): void;
}

/** Hears what arrives on a connection. */
export interface PacketListener {
  readonly socket: Socket;
  /** Something has arrived. */
  hear(): void;
}

/** A decoded packet of type EVENT. */
export interface EventPacket {
  /** The event's name and its arguments; empty for a packet without a payload. */
  readonly data?: readonly unknown[];
  /** Present when the sender waits for an answer. */
  readonly id?: number;
  /** It is over `limits.eventBytes`; noted by the decoder that {@link extendDecoder} was given. */
  readonly isTooLarge?: boolean;
}

/**
 * Makes `handler` the only receiver of this socket's events, instead of the listeners of its event emitter. It is one
 * function for all sockets and gets the socket as `this`.
 */
export function receiveEvents(socket: Socket, handler: (this: Socket, packet: EventPacket) => void): void {
  internalsOf(socket).onevent = handler;
}

/** Socket.IO's decoder of one connection: takes what Engine.IO delivers and tells each packet as soon as it is whole. */
export interface PacketDecoder {
  on(event: 'decoded', listener: (packet: EventPacket) => void): this;
  add(data: unknown): void;
}

/** Has every connection from now on decode with what `extend` makes of Socket.IO's decoder. */
export function extendDecoder(
  server: Server,
  extend: (Decoder: new () => PacketDecoder) => new () => PacketDecoder,
): void {
  const internals = server as unknown as { _parser: { readonly Decoder: new () => PacketDecoder } };
  internals._parser = { ...internals._parser, Decoder: extend(internals._parser.Decoder) };
}

/**
 * The TCP socket of a connection whose layers hold nothing back: a frame written there comes after all that Socket.IO and
 * Engine.IO have written, and before all that they will. Undefined while something waits in them, and for polling.
 */
export function openStream({ readyState, writeBuffer, transport }: EngineConnection): Writable | undefined {
  const { socket } = transport;
  if (readyState !== 'open' || writeBuffer.length > 0 || socket?.readyState !== 1) return undefined;
  return socket._socket ?? undefined;
}

/** Writes a frame through all layers; nothing happens when the connection is closed. */
export function writeFrame(socket: Socket, frame: Frame): void {
  const { client, conn } = internalsOf(socket);
  if (conn.readyState === 'open') client.writeToEngine(frame.packet, frame.options);
}

/** Ends a connection now, without waiting for what it still has to read. */
export function cut(connection: EngineConnection): void {
  if (connection.transport.socket) connection.transport.socket.terminate();
  else connection.close(true);
}

/**
 * Ends connections that are closed and whose other end does not confirm it after so many milliseconds, in place of the 30 s of
 * `ws`: Engine.IO takes a connection for closed as soon as it has said goodbye, so nothing else would look after it.
 */
export function waitForGoodbyes(server: Server, timeoutMs: number): void {
  const { opts } = server.engine as unknown as { readonly opts: { wsEngine: new (options: object) => object } };
  // Engine.IO makes the WebSocket server anew when the HTTP server begins to listen.
  opts.wsEngine = class extends opts.wsEngine {
    constructor(options: object) {
      super({ ...options, closeTimeout: timeoutMs });
    }
  };
}

/** Ends the heartbeat of Engine.IO, which is a timer or two for each connection. What arrives starts it no more. */
export function endOwnHeartbeat(connection: EngineConnection): void {
  clearTimeout(connection.pingIntervalTimer ?? undefined);
  clearTimeout(connection.pingTimeoutTimer ?? undefined);
  connection.pingIntervalTimer = connection.pingTimeoutTimer = null;
}

/** All connections of a server, those outside any namespace included. */
export function connectionsOf(server: Server): readonly EngineConnection[] {
  return Object.values((server.engine as unknown as { clients: Record<string, EngineConnection> }).clients);
}

/** Lets go of the HTTP request and the token that opened the connection: 1.2 KB and more a socket that nobody reads again. */
export function releaseHandshake(socket: Socket): void {
  const internals = internalsOf(socket);
  // Engine.IO's upgrade response keeps the request itself alive as long as the TCP socket.
  Object.assign(internals.conn.request ?? {}, { headers: {}, rawHeaders: [], url: '' });
  internals.conn.request = undefined;
  internals.handshake = undefined;
}

/** The same socket, seen with its internals. */
export function internalsOf(socket: Socket): SocketInternals {
  return socket as unknown as SocketInternals;
}
