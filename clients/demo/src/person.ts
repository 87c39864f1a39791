import type {
  Ack,
  ChatMessage,
  ClientEventName,
  ClientEvents,
  ClientRequests,
  Ready,
  ServerEvents,
} from '@parlance/proto';
import { io, type Socket } from 'socket.io-client';

/** What the demonstration shows of a person: everything they are told, as it happens. */
export interface Onlooker {
  sees(name: string, message: ChatMessage): void;
  learns(name: string, text: string): void;
}

/**
 * One person with a plain Socket.IO client. It keeps its place in each room as every client should: the next id is shown,
 * an older one dropped, and what lies between is fetched from the log.
 */
export class Person {
  private readonly cursors = new Map<string, number>();
  private socket: Socket<ServerEvents, ClientEvents> | undefined;

  constructor(
    readonly name: string,
    private readonly gateway: string,
    private readonly token: string,
    private readonly onlooker: Onlooker,
  ) {}

  /** Connects and fetches what was missed. Rejects when the gateway refuses. */
  async connect(): Promise<void> {
    // Socket.IO takes the path of its address for the namespace, so that of a gateway under a path is given apart.
    const { origin, pathname } = new URL(this.gateway);
    const socket: Socket<ServerEvents, ClientEvents> = io(`${origin}/chat`, {
      path: `${pathname.replace(/\/+$/, '')}/socket.io/`,
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { token: this.token },
    });
    this.socket = socket;
    socket.on('newMessage', (message) => void this.take(message));
    const ready = await new Promise<Ready>((resolve, reject) => {
      socket.once('ready', resolve);
      socket.once('connect_error', reject);
    });
    this.onlooker.learns(
      this.name,
      `is connected and in ${ready.rooms.length === 1 ? 'one room' : `${ready.rooms.length} rooms`}`,
    );
    for (const { roomId, head } of ready.rooms) {
      const cursor = this.cursors.get(roomId) ?? 0;
      if (head > cursor)
        this.onlooker.learns(this.name, `has read up to ${cursor}, the room stands at ${head}: resuming`);
      await this.catchUp(roomId, head);
    }
  }

  /** Cuts the connection as a tunnel or a dead battery would: without a word. */
  vanish(): void {
    this.socket?.io.engine.close();
    this.onlooker.learns(this.name, 'is cut off');
  }

  /** Says goodbye. */
  leave(): void {
    this.socket?.close();
  }

  /** Creates a room and joins everyone named. Answers its id. */
  async createRoom(title: string, others: string[]): Promise<string> {
    const room = await this.ask('createRoom', { roomType: 'group', participants: others, metadata: { name: title } });
    return room.roomId;
  }

  /** Sends a text; the same `clientMessageId` again is the same message. Answers the ack's data. */
  async say(roomId: string, content: string, clientMessageId: string): Promise<ClientRequests['sendMessage']['data']> {
    return this.ask('sendMessage', { roomId, content, clientMessageId });
  }

  /** Resolves when this person has seen a room up to an id. */
  async hasSeen(roomId: string, messageId: number): Promise<void> {
    while ((this.cursors.get(roomId) ?? 0) < messageId) {
      await new Promise((resolve) => this.socket?.once('newMessage', resolve));
    }
  }

  private async take(message: ChatMessage): Promise<void> {
    const { roomId, messageId } = message;
    const cursor = this.cursors.get(roomId) ?? 0;
    if (messageId > cursor + 1) await this.catchUp(roomId, messageId);
    else if (messageId === cursor + 1) this.show(message);
  }

  private async catchUp(roomId: string, head: number): Promise<void> {
    for (;;) {
      const cursor = this.cursors.get(roomId) ?? 0;
      if (cursor >= head) return;
      const page = await this.ask('getHistory', { roomId, afterId: cursor, limit: 200 });
      for (const message of page) if (message.messageId === (this.cursors.get(roomId) ?? 0) + 1) this.show(message);
      if ((this.cursors.get(roomId) ?? 0) === cursor) return;
    }
  }

  private show(message: ChatMessage): void {
    this.cursors.set(message.roomId, message.messageId);
    this.onlooker.sees(this.name, message);
  }

  private async ask<Name extends ClientEventName>(
    name: Name,
    payload: ClientRequests[Name]['payload'],
  ): Promise<ClientRequests[Name]['data']> {
    const socket = this.socket;
    if (!socket) throw new Error(`${this.name} is not connected`);
    const emit = socket.timeout(10_000).emitWithAck.bind(socket.timeout(10_000)) as (
      name: string,
      payload: unknown,
    ) => Promise<Ack<ClientRequests[Name]['data']>>;
    const ack = await emit(name, payload);
    if (ack.success) return ack.data;
    throw new Error(`${name} was refused: ${ack.error.code} ${ack.error.message}`);
  }
}
