import type { Ack, ChatMessage, ClientRequests, Ready } from '@parlance/proto';
import { engineIoUrl } from '../protocol/engine-io-url.ts';
import { SocketIoSession } from '../protocol/socket-io-session.ts';
import type { OpenWebSocket } from '../protocol/web-socket.ts';
import type { Witness } from './history-faults.ts';
import { MessageChecker } from './message-checker.ts';

/** One socket of one user in one room: it sends, remembers what it was sent, and reads the history. */
export class RoomMember implements Witness {
  readonly delivered: ChatMessage[] = [];
  readonly acknowledged = new Map<string, number>();
  private readonly session: SocketIoSession;
  private _checker: MessageChecker | undefined;
  private _lastArrival = 0;
  private arrival: { readonly resolve: (ready: Ready) => void; readonly reject: (error: Error) => void } | undefined;

  constructor(private readonly options: MemberOptions) {
    this.session = new SocketIoSession({
      openWebSocket: options.openWebSocket,
      url: engineIoUrl(options.gatewayUrl),
      namespace: '/chat',
      auth: { token: options.token, protocolVersion: 1 },
      onEvent: (name, payload) => this.take(name, payload),
      onEnd: (reason) => this.arrival?.reject(new Error(reason)),
    });
  }

  /** Resolves when `ready` has come. Rejects when the connection is refused or the room is not among the user's. */
  async enter(): Promise<void> {
    const ready = new Promise<Ready>((resolve, reject) => {
      this.arrival = { resolve, reject };
    });
    const [{ rooms }] = await Promise.all([ready, this.session.connect()]);
    if (this._checker === undefined) throw new Error(`the room is not among the ${rooms.length} of ready`);
  }

  /** What came live. Only after `enter`. */
  get checker(): MessageChecker {
    if (this._checker === undefined) throw new Error('not in the room yet');
    return this._checker;
  }

  /** When the newest message came, in Unix milliseconds; 0 before the first. */
  get lastArrival(): number {
    return this._lastArrival;
  }

  /** True while messages can come. */
  get isPresent(): boolean {
    return this.session.isOpen;
  }

  /** Sends a message; its own name for it must be unused. Rejects when it was not acknowledged. */
  async send(clientMessageId: string, content: string): Promise<void> {
    const sentAtMs = this.options.now();
    const { roomId } = this.options;
    const message = await this.ask('sendMessage', { roomId, content, clientMessageId, metadata: { sentAtMs } });
    this.acknowledged.set(clientMessageId, message.data.messageId);
    this.options.onAck(this.options.now() - sentAtMs);
  }

  /** The whole history that is visible, from the first message on. */
  async history(): Promise<ChatMessage[]> {
    const messages: ChatMessage[] = [];
    for (let afterId = 0, hasMore = true; hasMore; afterId = messages.at(-1)?.messageId ?? afterId) {
      const page = await this.ask('getHistory', { roomId: this.options.roomId, afterId, limit: 200 });
      messages.push(...page.data);
      hasMore = page.hasMore === true && page.data.length > 0;
    }
    return messages;
  }

  /** Disconnects. What is under way is rejected with `reason`. */
  leave(reason?: string): void {
    this.session.close(reason);
  }

  private async ask<Name extends 'sendMessage' | 'getHistory'>(name: Name, payload: ClientRequests[Name]['payload']) {
    const ack = (await this.session.request(name, payload)) as Ack<ClientRequests[Name]['data']>;
    if (ack.success) return ack;
    throw new Error(`${name}: ${ack.error.code} (${ack.error.outcome}) ${ack.error.message}`);
  }

  private take(name: string, payload: unknown): void {
    if (name === 'ready') {
      const ready = payload as Ready;
      const room = ready.rooms.find(({ roomId }) => roomId === this.options.roomId);
      if (room !== undefined) this._checker = new MessageChecker(room.head);
      this.arrival?.resolve(ready);
    }
    if (name === 'newMessage') this.takeMessage(payload as ChatMessage);
    if (name === 'heads') {
      const heads = payload as Readonly<Record<string, { readonly head: number }>>;
      const room = heads[this.options.roomId];
      if (room !== undefined) this._checker?.announce(room.head);
    }
  }

  private takeMessage(message: ChatMessage): void {
    if (message.roomId !== this.options.roomId) return;
    this._lastArrival = this.options.now();
    this._checker?.deliver(message.messageId);
    this.delivered.push(message);
    const sentAtMs = message.metadata?.['sentAtMs'];
    if (typeof sentAtMs === 'number') this.options.onDelivery(this._lastArrival - sentAtMs);
  }
}

/** Who, where, and who hears the figures. */
export interface MemberOptions {
  readonly openWebSocket: OpenWebSocket;
  /** `http://HOST:PORT`. */
  readonly gatewayUrl: string;
  readonly token: string;
  readonly roomId: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Milliseconds from a send to its ack. */
  readonly onAck: (latencyMs: number) => void;
  /** Milliseconds from a send, by whichever member, to its arrival here. */
  readonly onDelivery: (latencyMs: number) => void;
}
