import { setTimeout as delay } from 'node:timers/promises';
import type {
  Ack,
  AckFailure,
  ChatMessage,
  ClientEventName,
  ClientEvents,
  ClientRequests,
  Ready,
  ServerEvents,
} from '@parlance/proto';
import { io, type Socket } from 'socket.io-client';
import { noteSaid } from '../leaks/said-texts.js';
import { signToken } from './sign-token.js';

/** A plain Socket.IO client of one user that remembers everything it was sent. */
export class ChatClient {
  /** Every `newMessage`, in the order of arrival. */
  readonly messages: ChatMessage[] = [];
  /** Every other server event, in the order of arrival. */
  readonly events: { readonly name: string; readonly payload: unknown }[] = [];
  private readonly waiting = new Set<() => void>();

  private constructor(
    readonly userId: string,
    readonly socket: Socket<ServerEvents, ClientEvents>,
    readonly ready: Ready,
  ) {}

  /**
   * Connects and resolves when `ready` has arrived. Rejects with the `connect_error`, which carries `data.code`; a gateway
   * that does not know yet which tokens are revoked, as it may when it has just started, is asked again.
   */
  static async connect(url: string, userId: string, options: ConnectOptions = {}): Promise<ChatClient> {
    for (;;) {
      try {
        return await ChatClient.connectOnce(url, userId, options);
      } catch (error) {
        if ((error as { readonly data?: { readonly code?: string } }).data?.code !== 'STORE_UNAVAILABLE') throw error;
        await delay(50);
      }
    }
  }

  private static async connectOnce(url: string, userId: string, options: ConnectOptions): Promise<ChatClient> {
    const socket: Socket<ServerEvents, ClientEvents> = io(`${url}/chat`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { token: options.token ?? signToken(userId), ...options.auth },
      ...(options.headers ? { extraHeaders: { ...options.headers } } : {}),
    });
    const early: (readonly [name: string, payload: unknown])[] = [];
    const collect = (name: string, payload: unknown): void => void early.push([name, payload]);
    socket.onAny(collect);
    try {
      const ready = await new Promise<Ready>((resolve, reject) => {
        socket.once('ready', resolve);
        socket.once('connect_error', reject);
        socket.once('disconnect', (reason) => reject(new Error(`disconnected before ready: ${reason}`)));
      });
      const client = new ChatClient(userId, socket, ready);
      socket.offAny(collect);
      for (const [name, payload] of early) client.take(name, payload);
      socket.onAny((name: string, payload: unknown) => client.take(name, payload));
      return client;
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  /** Sends an event and resolves with its ack. */
  async request<Name extends ClientEventName>(
    name: Name,
    payload: ClientRequests[Name]['payload'],
  ): Promise<Ack<ClientRequests[Name]['data']>> {
    return this.raw(name, payload) as Promise<Ack<ClientRequests[Name]['data']>>;
  }

  /** Sends an event and resolves with the data of its ack; rejects with a readable error when it failed. */
  async ask<Name extends ClientEventName>(
    name: Name,
    payload: ClientRequests[Name]['payload'],
  ): Promise<ClientRequests[Name]['data']> {
    const ack = await this.request(name, payload);
    if (ack.success) return ack.data;
    throw new Error(`${name}: ${ack.error.code} ${ack.error.message}`);
  }

  /** Sends anything under any name, as a broken or hostile client would. */
  async raw(name: string, ...payload: unknown[]): Promise<Ack<unknown>> {
    noteSaid(payload[0]);
    const emit = this.socket.emit.bind(this.socket) as (name: string, ...rest: unknown[]) => unknown;
    return new Promise((resolve) => emit(name, ...payload, resolve));
  }

  /** Sends anything and expects a refusal. */
  async refused(name: string, ...payload: unknown[]): Promise<AckFailure['error']> {
    const ack = await this.raw(name, ...payload);
    if (ack.success) throw new Error(`${name} was accepted`);
    return ack.error;
  }

  /** Resolves when what the client has been sent satisfies a condition; looks again at every event. */
  async until(what: string, condition: () => boolean, patienceMs = 20_000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(look);
        reject(new Error(`${this.userId} waited for ${what} in vain: ${this.messages.length} messages`));
      }, patienceMs);
      const look = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
    });
  }

  /** The ids of a room's messages in the order of arrival. */
  idsOf(roomId: string): number[] {
    return this.messages.filter((message) => message.roomId === roomId).map(({ messageId }) => messageId);
  }

  /** Disconnects. */
  close(): void {
    this.socket.close();
  }

  private take(name: string, payload: unknown): void {
    if (name === 'newMessage') this.messages.push(payload as ChatMessage);
    else this.events.push({ name, payload });
    for (const look of this.waiting) look();
  }
}

/** What may be unusual about a connection. */
export interface ConnectOptions {
  /** Default: a valid token of the user. */
  readonly token?: unknown;
  /** More fields of the handshake's `auth`. */
  readonly auth?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}
