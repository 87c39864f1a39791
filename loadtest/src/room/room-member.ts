import type { Ack, ChatMessage, ClientRequests, Ready } from '@parlance/proto';
import { engineIoUrl } from '../protocol/engine-io-url.ts';
import { SocketIoSession } from '../protocol/socket-io-session.ts';
import type { OpenWebSocket } from '../protocol/web-socket.ts';
import type { LatencyById } from './latency-by-id.ts';
import { MessageChecker } from './message-checker.ts';
import type { PageCursor } from './page-faults.ts';
import { RefusedError } from './refused-error.ts';
import type { Witness } from './room-history.ts';

/** One person in one room, over one connection after the other: sends, remembers what came, and reads the history. */
export class RoomMember implements Witness {
  readonly delivered: ChatMessage[] = [];
  readonly acknowledged = new Map<string, number>();
  private session: SocketIoSession | undefined;
  private _checker: MessageChecker | undefined;
  private _lastArrival = 0;

  constructor(private readonly options: MemberOptions) {}

  /**
   * Connects; resolves when `ready` has come. The person may have been here before and left. Rejects when the connection
   * is refused, `ready` does not come in time, or the room is not among the user's.
   */
  async enter(): Promise<void> {
    const { openWebSocket, gatewayUrl, token, within } = this.options;
    let session: SocketIoSession | undefined;
    const ready = new Promise<Ready>((resolve, reject) => {
      session = new SocketIoSession({
        openWebSocket,
        url: engineIoUrl(gatewayUrl),
        namespace: '/chat',
        auth: { token, protocolVersion: 1 },
        onEvent: (name, payload) => {
          if (this.session !== session) return;
          if (name === 'ready') resolve(this.takeReady(payload as Ready));
          this.take(name, payload);
        },
        onEnd: (reason) => reject(new Error(reason)),
      });
      this.session = session;
    });
    const [{ rooms }] = await within(Promise.all([ready, session?.connect()]), 'ready');
    if (this._checker === undefined) throw new Error(`the room is not among the ${rooms.length} of ready`);
  }

  /** True from the first `enter` on. */
  get hasEntered(): boolean {
    return this._checker !== undefined;
  }

  /** What came. Only after `enter`. */
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
    return this.session?.isOpen === true;
  }

  /**
   * Sends a message; its own name for it must be unused or that of a refused send. Rejects when it was not acknowledged.
   *
   * @param dueAtMs from when on its times count; default: now.
   */
  async send(clientMessageId: string, content: string, dueAtMs = this.options.now()): Promise<void> {
    const { roomId, now, latencies, onAck } = this.options;
    const { data } = await this.ask('sendMessage', { roomId, content, clientMessageId });
    this.acknowledged.set(clientMessageId, data.messageId);
    onAck(now() - dueAtMs);
    latencies.acknowledged({ roomId, messageId: data.messageId }, dueAtMs);
  }

  /** The ids of the user's most recent rooms. */
  async rooms(): Promise<string[]> {
    return (await this.ask('listRooms', { limit: 50 })).data.map(({ roomId }) => roomId);
  }

  /** A page of the history, and whether there is more. */
  async page(asked: PageCursor & { readonly limit: number }): Promise<HistoryPage> {
    const cursor = 'afterId' in asked ? { afterId: asked.afterId } : { beforeId: asked.beforeId };
    const { data, hasMore } = await this.ask('getHistory', {
      roomId: this.options.roomId,
      limit: asked.limit,
      ...cursor,
    });
    return { messages: data, hasMore: hasMore === true };
  }

  /** The whole history that is visible, from the first message on. */
  async history(): Promise<ChatMessage[]> {
    const messages: ChatMessage[] = [];
    for (let afterId = 0, hasMore = true; hasMore; afterId = messages.at(-1)?.messageId ?? afterId) {
      const page = await this.page({ afterId, limit: 200 });
      messages.push(...page.messages);
      hasMore = page.hasMore && page.messages.length > 0;
    }
    return messages;
  }

  /** Pulls what came while the person was away, from the message `after` on. Rejects when the gateway does not tell all of it. */
  async catchUp(after: number): Promise<void> {
    const { roomId } = this.options;
    for (let cursor = after, hasMore = true; hasMore; ) {
      const { rooms } = (await this.ask('resume', { rooms: { [roomId]: cursor } })).data;
      const missed = rooms[roomId];
      if (missed === undefined || !('messages' in missed)) throw new Error(`resume: ${JSON.stringify(missed)}`);
      this.takeMissed(missed.messages);
      cursor = missed.messages.at(-1)?.messageId ?? cursor;
      hasMore = missed.hasMore && missed.messages.length > 0;
    }
  }

  /** Disconnects with a goodbye. What is under way is rejected with `reason`. */
  leave(reason?: string): void {
    this.session?.close(reason);
  }

  /** The connection breaks: nobody says goodbye. */
  drop(): void {
    this.session?.cut('dropped on purpose');
  }

  private async ask<Name extends 'sendMessage' | 'getHistory' | 'listRooms' | 'resume'>(
    name: Name,
    payload: ClientRequests[Name]['payload'],
  ) {
    const asked = this.session?.request(name, payload) ?? Promise.reject(new Error(`${name}: not connected`));
    const ack = (await this.options.within(asked, name)) as Ack<ClientRequests[Name]['data']>;
    if (ack.success) return ack;
    throw new RefusedError(name, ack.error);
  }

  private takeReady(ready: Ready): Ready {
    const room = ready.rooms.find(({ roomId }) => roomId === this.options.roomId);
    if (room === undefined) return ready;
    if (this._checker === undefined) this._checker = new MessageChecker(room.head);
    else this._checker.returnTo(room.head);
    return ready;
  }

  private take(name: string, payload: unknown): void {
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
    this.options.latencies.arrived(message, this._lastArrival);
  }

  private takeMissed(messages: readonly ChatMessage[]): void {
    for (const message of messages) if (this.checker.pull(message.messageId)) this.delivered.push(message);
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
  readonly latencies: LatencyById;
  /** As the promise, but rejects with the name of what was waited for when that takes too long. */
  readonly within: <Value>(promise: Promise<Value>, what: string) => Promise<Value>;
}

/** Messages ascending. */
export interface HistoryPage {
  readonly messages: readonly ChatMessage[];
  readonly hasMore: boolean;
}
