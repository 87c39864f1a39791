import type { RoomHead, UserId } from '@parlance/proto';
import type { Socket } from 'socket.io';
import type { CallerSession } from '../../auth/tokens/caller.js';
import type { TokenLife } from '../../auth/tokens/token-life.js';
import { takeShortcut } from './event-shortcut.js';
import type { Frame } from './frame.js';
import { SendBuffer } from './send-buffer.js';
import { cut, endOwnHeartbeat, internalsOf, openStream, type PacketListener, writeFrame } from './socket-internals.js';
import type { TurnWrites } from './turn-writes.js';

const maxWaitingFrames = 1_000;
const burstFactor = 4;
const overflowGraceMs = 1_000;

/** Engine.IO's ping as a WebSocket's text frame. */
const pingBytes = Buffer.from([0x81, 1, 0x32]);

/**
 * One authenticated socket of this gateway. Frames that come before `ready` was sent wait for it. A socket that reads
 * too slowly, or whose waiting frames grow too many, is cut off: it comes back and resumes.
 */
export class LocalSocket implements CallerSession, PacketListener {
  /** Rooms of its user as the handshake found them; emptied by `ready`. */
  heads: readonly RoomHead[] = [];
  /** How long it may stay. */
  token: TokenLife | undefined;
  /** When something last arrived, and when a sign of life was last asked for; by the monotonic clock, milliseconds. */
  private heard: number;
  private asked: number;
  private current: LocalSocketState = 'preparing';
  private waiting: Frame[] = [];
  private overflowTimer: NodeJS.Timeout | undefined;
  private inFlight = 0;
  private readonly buffer: SendBuffer;
  private onAnswered: (() => void) | undefined;

  constructor(
    readonly userId: UserId,
    readonly socket: Socket,
    private readonly limits: SocketLimits,
    private readonly elapsedMs: () => number,
  ) {
    this.buffer = new SendBuffer(socket);
    this.heard = this.asked = elapsedMs();
    socket.data = this;
    endOwnHeartbeat(internalsOf(socket).conn);
    takeShortcut(this);
  }

  /** The gateway's idea of a Socket.IO socket that has passed the handshake. */
  static of(socket: Socket): LocalSocket {
    return socket.data as LocalSocket;
  }

  get id(): string {
    return this.socket.id;
  }

  get state(): LocalSocketState {
    return this.current;
  }

  renew({ issuedAt, expiresAt }: TokenLife): void {
    this.token = { issuedAt, expiresAt };
  }

  /** Notes a room that the user entered while the handshake is under way. */
  noteLateRoom({ roomId, head, rev, memberRev, epoch, deliveredUpTo, readUpTo }: RoomHead): void {
    if (this.current !== 'preparing' || this.heads.some((known) => known.roomId === roomId)) return;
    this.heads = [...this.heads, { roomId, head, rev, memberRev, epoch, deliveredUpTo, readUpTo }];
  }

  /** The namespace is connected: it may join feeds, whose frames wait for `ready`. */
  markOpening(): void {
    if (this.current === 'preparing') this.current = 'opening';
  }

  /** Sends `ready` and everything that waited for it. */
  markLive(ready: Frame): void {
    if (this.current !== 'opening') return;
    this.current = 'live';
    this.heads = [];
    const frames = [ready, ...this.waiting];
    this.waiting = [];
    for (const frame of frames) this.send(frame);
  }

  markClosed(): void {
    this.current = 'closed';
    this.waiting = [];
    clearTimeout(this.overflowTimer);
  }

  /** Its connection ends as soon as what was asked is answered; new requests are refused. */
  get isLeaving(): boolean {
    return this.onAnswered !== undefined;
  }

  requestBegan(): void {
    this.inFlight += 1;
  }

  requestEnded(): void {
    this.inFlight -= 1;
    if (this.inFlight === 0) this.onAnswered?.();
  }

  /** Ends the connection once every request is answered, or `signal` aborts; a client then reconnects by itself. */
  async leave(signal: AbortSignal): Promise<void> {
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    this.onAnswered = resolve;
    if (this.inFlight === 0 || signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    await answered;
    this.close();
  }

  /** Something has arrived. */
  hear(): void {
    this.heard = this.elapsedMs();
  }

  /** When something last arrived, by the monotonic clock, milliseconds. */
  get heardAt(): number {
    return this.heard;
  }

  /** When a sign of life was last asked for, or the socket came, by the monotonic clock, milliseconds. */
  get askedAt(): number {
    return this.asked;
  }

  /** It was asked for a sign of life and has not given one. */
  get isSilent(): boolean {
    return this.heard < this.asked;
  }

  /** Asks for a sign of life, if no question is open. */
  askForSign(): void {
    if (this.isSilent) return;
    this.asked = this.elapsedMs();
    const { conn } = internalsOf(this.socket);
    const stream = openStream(conn);
    if (stream !== undefined) this.limits.writes.write(stream, pingBytes);
    else if (conn.readyState === 'open') conn.sendPacket('ping');
  }

  /** Gives up a connection whose other end is not there any more. */
  giveUp(): void {
    cut(internalsOf(this.socket).conn);
  }

  /** Sends a last frame and ends the connection. */
  dismiss(farewell: Frame): void {
    this.send(farewell);
    this.markClosed();
    this.close();
  }

  /** Ends the connection after what was written to it. */
  close(): void {
    internalsOf(this.socket).conn.close();
  }

  /** It can be a member of feeds. */
  get canJoin(): boolean {
    return this.current === 'opening' || this.current === 'live';
  }

  /** Delivers a server event; returns whether it was written or kept for later. */
  deliver(frame: Frame): boolean {
    switch (this.current) {
      case 'live':
        this.send(frame);
        return true;
      case 'opening':
        this.waiting.push(frame);
        if (this.waiting.length > maxWaitingFrames) this.cutOff();
        return true;
      case 'preparing':
      case 'closed':
        return false;
    }
  }

  /** Writes a frame that needs not wait for `ready`, such as an ack. */
  send(frame: Frame): void {
    const { maxBufferedBytes, writes } = this.limits;
    const stream = openStream(internalsOf(this.socket).conn);
    if (stream === undefined) writeFrame(this.socket, frame);
    else writes.write(stream, frame.bytes);
    const size = stream === undefined ? this.buffer.size : stream.writableLength;
    if (size <= maxBufferedBytes) return;
    if (size > maxBufferedBytes * burstFactor) return this.cutOff();
    this.overflowTimer ??= setTimeout(() => this.checkOverflow(), overflowGraceMs).unref();
  }

  /** What waits to be read by it, as far as this process holds it. */
  get outgoingBytes(): number {
    return openStream(internalsOf(this.socket).conn)?.writableLength ?? this.buffer.size;
  }

  /** A burst is over the limit for a moment however fast the reader is. */
  private checkOverflow(): void {
    this.overflowTimer = undefined;
    if (this.buffer.size > this.limits.maxBufferedBytes) this.cutOff();
  }

  private cutOff(): void {
    if (this.current === 'closed') return;
    this.markClosed();
    this.limits.onOverflow(this);
    cut(internalsOf(this.socket).conn);
  }
}

/**
 * `preparing`: the handshake is under way. `opening`: connected, `ready` not sent. `live`: `ready` sent.
 */
export type LocalSocketState = 'preparing' | 'opening' | 'live' | 'closed';

/** How sockets are written to, and what each may hold back. */
export interface SocketLimits {
  readonly writes: TurnWrites;
  /** More than this waiting to be read for a second, or four times as much at once, ends the connection. */
  readonly maxBufferedBytes: number;
  /** Told once, before the connection is ended. */
  readonly onOverflow: (socket: LocalSocket) => void;
}
