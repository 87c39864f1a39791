import { WebSocket } from 'ws';
import { type FrameListener, readFrame } from './read-frame.ts';

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
}

/** What a connection of the crowd is told: frames of the load only. */
export type LoadListener = Pick<FrameListener, 'message' | 'ack' | 'event'>;

/** One Socket.IO connection that costs its process little: `ws` below, and frames that are read as text. */
export class ChatSocket {
  /** Who hears of messages, acks of the load, and events. */
  listener: LoadListener = silence;
  private readonly prefix: string;
  private readonly asked = new Map<number, (json: string) => void>();
  private nextId = firstOwnId;

  private constructor(
    private readonly socket: WebSocket,
    address: Address,
  ) {
    this.prefix = address.namespace === '' ? '' : `${address.namespace},`;
  }

  /** Connects, and resolves when it is ready; rejects when it is refused or ends before. */
  static open(address: Address): Promise<ChatSocket> {
    const socket = new WebSocket(`${address.url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    const chat = new ChatSocket(socket, address);
    return new Promise((resolve, reject) => {
      const auth = address.token === undefined ? '' : JSON.stringify({ token: address.token });
      const frames: FrameListener = {
        message: (room, sequence, id) => chat.listener.message(room, sequence, id),
        ack: (id, json) => chat.takeAck(id, json),
        event: (name, json) => {
          if (name === address.readyEvent) resolve(chat);
          chat.listener.event(name, json);
        },
        ping: () => socket.send('3'),
        connection: (what, text) => {
          if (what === 'open') socket.send(`40${chat.prefix}${auth}`);
          else if (what !== 'joined') reject(new Error(`a connection was refused: ${text}`));
          else if (address.readyEvent === undefined) resolve(chat);
        },
      };
      socket.on('message', (data: Buffer) => readFrame(data.toString('latin1'), chat.prefix, frames));
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('a connection ended before it was ready')));
    });
  }

  /** Still connected. */
  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Sends an event whose ack the listener hears under `id`. */
  send(id: number, name: string, json: string): void {
    this.socket.send(`42${this.prefix}${id}["${name}",${json}]`);
  }

  /** Sends an event and resolves with its ack. */
  request(name: string, payload: unknown): Promise<unknown> {
    const id = this.nextId++;
    return new Promise((resolve) => {
      this.asked.set(id, (json) => resolve((JSON.parse(json) as unknown[])[0]));
      this.send(id, name, JSON.stringify(payload));
    });
  }

  /** Reads nothing until `resume`, as somebody whose network has stopped. */
  pause(): void {
    this.socket.pause();
  }

  /** Reads again. */
  resume(): void {
    this.socket.resume();
  }

  /** Ends the connection at once, as a network does that goes away. */
  terminate(): void {
    this.socket.terminate();
  }

  private takeAck(id: number, json: string): void {
    const answer = this.asked.get(id);
    if (answer === undefined) return this.listener.ack(id, json);
    this.asked.delete(id);
    answer(json);
  }
}

/** Ids of the load are below it. */
const firstOwnId = 1_000_000_000;
const silence: LoadListener = { message: () => undefined, ack: () => undefined, event: () => undefined };
