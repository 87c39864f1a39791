import type { ChatMessage, ClientEvents, Ready, ServerEvents } from '@parlance/proto';
import { io, type Socket } from 'socket.io-client';
import { RoomLogbook } from './room-logbook.js';
import { signToken } from './sign-token.js';

const patienceMs = 2_000;

/**
 * A client that stays: when its connection ends it comes back after a pause of full jitter, to any gateway and after a
 * failure to the next one, resumes every room from its own place, and sends again what was not acknowledged. Its {@link RoomLogbook}s say what it has seen.
 */
export class ResumingClient {
  readonly rooms = new Map<string, RoomLogbook>();
  /** Milliseconds from each end of a connection to the end of the resume on the next one. */
  readonly absences: number[] = [];
  /** What a gateway did that it must not do. */
  readonly faults: string[] = [];
  /** Answers that refused a send, by code; all were retryable, or they are among the faults. */
  readonly refusals: string[] = [];
  private socket: Socket<ServerEvents, ClientEvents> | undefined;
  private present = Promise.withResolvers<void>();
  private failures = 0;
  private turn = Math.floor(Math.random() * 1_000);
  private lostAt: number | undefined;
  private closed = false;
  private sending: Promise<void> = Promise.resolve();

  constructor(
    readonly userId: string,
    private readonly urls: readonly string[],
    private readonly options: ResumingClientOptions = {},
  ) {}

  /** Connects, and goes on doing so until `close`; resolves when it is there for the first time. */
  async start(): Promise<void> {
    this.connect();
    await this.present.promise;
  }

  close(): void {
    this.closed = true;
    this.socket?.close();
  }

  /** Creates a group and resolves with its id. */
  async createRoom(participants: readonly string[]): Promise<string> {
    const ack = await this.request('createRoom', { roomType: 'group', participants: [...participants] });
    if (!ack.success) throw new Error(`createRoom: ${ack.error.code}`);
    return ack.data.roomId;
  }

  /** Sends behind everything it has sent before; resolves when the message is accepted, however long that takes. */
  send(roomId: string, content: string): Promise<void> {
    this.sending = this.sending.then(() => this.sendUntilAccepted(roomId, content));
    return this.sending;
  }

  private async sendUntilAccepted(roomId: string, content: string): Promise<void> {
    const message = { roomId, content, clientMessageId: `${this.userId}.${content}` };
    while (!this.closed) {
      await this.present.promise;
      const ack = await this.request('sendMessage', message).catch(() => undefined); // The connection went: send again.
      if (ack?.success === true) return;
      if (ack === undefined) continue;
      this.refusals.push(ack.error.code);
      if (!ack.error.retryable) this.faults.push(`${ack.error.code} is not to be retried`);
      await pause(100 * Math.random());
    }
  }

  private connect(): void {
    if (this.closed) return;
    const url = this.urls[this.turn++ % this.urls.length] ?? '';
    const socket: Socket<ServerEvents, ClientEvents> = io(`${url}/chat`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { token: this.options.token ?? signToken(this.userId) },
    });
    this.socket = socket;
    let over = false;
    const end = (): void => {
      if (over) return;
      over = true;
      socket.close();
      this.comeBack();
    };
    socket.once('connect_error', end);
    socket.once('disconnect', end);
    // The gateway ends the connection itself when the time has come; what is under way is answered before that.
    socket.on('reconnectIn', ({ delayMs }) => void setTimeout(end, delayMs + patienceMs).unref());
    socket.on('newMessage', (message) => this.take(message));
    socket.on('heads', (heads) => {
      for (const [roomId, { head }] of Object.entries(heads)) this.rooms.get(roomId)?.skipTo(head);
      void this.resume().catch(end);
    });
    socket.once('ready', (ready) => void this.begin(ready).catch(end));
  }

  private comeBack(): void {
    if (this.lostAt === undefined) {
      this.lostAt = performance.now();
      this.present = Promise.withResolvers();
    }
    const mostMs = Math.min(2_000, 100 * 2 ** this.failures++);
    setTimeout(() => this.connect(), Math.random() * mostMs);
  }

  private async begin({ rooms }: Ready): Promise<void> {
    for (const { roomId, head } of rooms) this.logbook(roomId, head).connected(head);
    await this.resume();
    this.failures = 0;
    if (this.lostAt !== undefined) this.absences.push(performance.now() - this.lostAt);
    this.lostAt = undefined;
    this.present.resolve();
  }

  /** Reads every room of which something is missing from its own place until nothing is. */
  private async resume(): Promise<void> {
    for (let behind = [...this.rooms.values()].filter((room) => room.isBehind); behind.length > 0; ) {
      const asked = Object.fromEntries(behind.map(({ roomId, cursor }) => [roomId, cursor]));
      const ack = await this.request('resume', { rooms: asked });
      if (!ack.success) throw new Error(ack.error.code);
      for (const [roomId, room] of Object.entries(ack.data.rooms)) {
        if ('messages' in room) this.rooms.get(roomId)?.resumed(room.messages, room.hasMore);
        else this.faults.push(`${roomId} was not resumed`);
      }
      behind = behind.filter(({ roomId }) => (ack.data.rooms[roomId] as { hasMore?: boolean } | undefined)?.hasMore);
    }
  }

  private take(message: ChatMessage): void {
    this.logbook(message.roomId, 0).live(message);
  }

  private logbook(roomId: string, start: number): RoomLogbook {
    const known =
      this.rooms.get(roomId) ??
      new RoomLogbook(roomId, start, {
        onFault: (fault) => this.faults.push(fault),
        onShown: this.options.onShown ?? (() => undefined),
      });
    this.rooms.set(roomId, known);
    return known;
  }

  /** Rejects when the connection ends before the answer, or there is none. */
  private request<Name extends 'sendMessage' | 'resume' | 'createRoom'>(
    name: Name,
    payload: Parameters<ClientEvents[Name]>[0],
  ): Promise<Parameters<Parameters<ClientEvents[Name]>[1]>[0]> {
    const { socket } = this;
    if (socket?.connected !== true) return Promise.reject(new Error('not connected'));
    return new Promise((resolve, reject) => {
      const emit = socket.emit.bind(socket) as (name: string, ...rest: unknown[]) => unknown;
      socket.once('disconnect', reject);
      emit(name, payload, (ack: Parameters<Parameters<ClientEvents[Name]>[1]>[0]) => {
        socket.off('disconnect', reject);
        resolve(ack);
      });
    });
  }
}

/** See {@link ResumingClient}. */
export interface ResumingClientOptions {
  /** Default: one that is valid for an hour. */
  readonly token?: string;
  /** Told of each message when it could be shown. */
  readonly onShown?: (message: ChatMessage) => void;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
