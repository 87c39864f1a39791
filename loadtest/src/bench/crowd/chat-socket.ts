import { type FrameListener, readFrame } from './read-frame.ts';
import { WebSocketLine } from './web-socket-line.ts';

/** Where a connection goes and who it is. */
export interface Address {
  /** `http://HOST:PORT`. */
  readonly url: string;
  /** `/chat`, or `` for the default namespace. */
  readonly namespace: string;
  /** The handshake's `auth.token`, where there is one. */
  readonly token: string | undefined;
  /** The event after which the connection counts as open; without one it is the joined namespace. */
  readonly readyEvent: string | undefined;
  /** Whoever connects uses the real client, and sees what people see; default: a line that costs the crowd little. */
  readonly canary?: boolean;
}

/** One connection of the crowd. */
export interface CrowdSocket {
  /** Who hears of messages, acks of the load, and events. */
  listener: LoadListener;
  /** Sends an event whose ack the listener hears under `id`. */
  send(id: number, name: string, json: string): void;
  /** Sends an event whose ack nobody waits for. */
  tell(name: string, json: string): void;
  /** Sends an event and resolves with its ack. */
  request(name: string, payload: unknown): Promise<unknown>;
  /** Reads nothing any more, as somebody whose network has stopped. */
  pause(): void;
  /** Ends the connection at once, as a network does that goes away. */
  terminate(): void;
}

/** What a connection of the crowd is told: frames of the load only. */
export type LoadListener = Pick<FrameListener, 'message' | 'ack' | 'event'>;

/** One Socket.IO connection that costs its process little: `ws` below, and frames that are read as text. */
export class ChatSocket implements CrowdSocket {
  listener: LoadListener = silence;
  private readonly line: WebSocketLine;
  private readonly prefix: string;
  private readonly asked = new Map<number, (json: string) => void>();
  private nextId = firstOwnId;

  private constructor(address: Address, settle: Settle) {
    this.prefix = address.namespace === '' ? '' : `${address.namespace},`;
    const auth = address.token === undefined ? '' : JSON.stringify({ token: address.token });
    const frames: FrameListener = {
      message: (room, sequence, id) => this.listener.message(room, sequence, id),
      ack: (id, json) => this.takeAck(id, json),
      event: (name, json) => {
        if (name === address.readyEvent) settle.resolve(this);
        this.listener.event(name, json);
      },
      ping: () => this.line.send('3'),
      connection: (what, text) => {
        if (what === 'open') this.line.send(`40${this.prefix}${auth}`);
        else if (what !== 'joined') settle.reject(new Error(`a connection was refused: ${text}`));
        else if (address.readyEvent === undefined) settle.resolve(this);
      },
    };
    this.line = new WebSocketLine(new URL('/socket.io/?EIO=4&transport=websocket', address.url), {
      text: (text) => readFrame(text, this.prefix, frames),
      ended: (reason) => settle.reject(new Error(`a connection ended before it was ready: ${reason}`)),
    });
  }

  /** Connects, and resolves when it is ready; rejects when it is refused or ends before. */
  static open(address: Address): Promise<ChatSocket> {
    const { promise, resolve, reject } = Promise.withResolvers<ChatSocket>();
    // oxlint-disable-next-line no-new -- it resolves with itself
    new ChatSocket(address, { resolve, reject });
    return promise;
  }

  send(id: number, name: string, json: string): void {
    this.line.send(`42${this.prefix}${id}["${name}",${json}]`);
  }

  tell(name: string, json: string): void {
    this.send(this.nextId++, name, json);
  }

  request(name: string, payload: unknown): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.asked.set(id, (json) => resolve((JSON.parse(json) as unknown[])[0]));
      this.send(id, name, JSON.stringify(payload));
    });
  }

  pause(): void {
    this.line.pause();
  }

  terminate(): void {
    this.line.destroy();
  }

  private takeAck(id: number, json: string): void {
    const answer = this.asked.get(id);
    if (id < firstOwnId) return this.listener.ack(id, json);
    this.asked.delete(id);
    answer?.(json);
  }
}

interface Settle {
  readonly resolve: (socket: ChatSocket) => void;
  readonly reject: (error: Error) => void;
}

/** Ids of the load are below it. */
const firstOwnId = 1_000_000_000;
const silence: LoadListener = { message: () => undefined, ack: () => undefined, event: () => undefined };
