import { decodeEngineIo, encodeEngineIo } from './engine-io-packet.ts';
import { decodeSocketIo, encodeSocketIo, type SocketIoPacket } from './socket-io-packet.ts';
import type { OpenWebSocket, WebSocketLink } from './web-socket.ts';

/**
 * One connection to one namespace: Engine.IO 4 and Socket.IO 5 over a WebSocket, without polling, binary, reconnection and
 * buffering. It sends its CONNECT as soon as the WebSocket is open and does not wait for the server's `open` packet, since
 * k6 can lose the first frame. It notices a silent server only by what its user waits for in vain.
 */
export class SocketIoSession {
  private readonly asked = new Map<number, Settler<unknown>>();
  private state: SessionState = { kind: 'new' };
  private lastId = 0;

  constructor(private readonly options: SessionOptions) {}

  /** Resolves when the namespace has accepted. Rejects with the server's refusal, or when the connection ends before. */
  connect(): Promise<void> {
    if (this.state.kind !== 'new') throw new Error('a session connects once');
    return new Promise((resolve, reject) => {
      // The listener may be called only after `openWebSocket` has returned, so the link is there by then.
      const link = this.options.openWebSocket(this.options.url, {
        opened: () => this.send({ type: 'connect', namespace: this.options.namespace, data: this.options.auth }),
        text: (frame) => this.take(frame),
        closed: (reason) => this.end(reason),
      });
      this.state = { kind: 'connecting', link, settler: { resolve, reject } };
    });
  }

  /** Sends an event with one object and resolves with the ack's first value; rejects when the connection ends before. */
  request(name: string, payload: unknown): Promise<unknown> {
    if (this.state.kind !== 'open') return Promise.reject(new Error(`${name}: ${describe(this.state)}`));
    const id = this.lastId++;
    return new Promise((resolve, reject) => {
      this.asked.set(id, { resolve, reject });
      this.send({ type: 'event', namespace: this.options.namespace, id, name, args: [payload] });
    });
  }

  /** True from the server's acceptance to the end. */
  get isOpen(): boolean {
    return this.state.kind === 'open';
  }

  /** Leaves. Requests under way are rejected with `reason`. */
  close(reason = 'closed by the client'): void {
    if (this.state.kind === 'open') this.send({ type: 'disconnect', namespace: this.options.namespace });
    this.cut(reason);
  }

  /** Closes the WebSocket without a goodbye. Requests under way are rejected with `reason`. */
  cut(reason: string): void {
    const link = linkOf(this.state);
    this.end(reason);
    link?.close();
  }

  private take(frame: string): void {
    try {
      const packet = decodeEngineIo(frame);
      if (packet.type === 'ping') linkOf(this.state)?.send(encodeEngineIo({ type: 'pong', data: packet.data }));
      if (packet.type === 'message') this.takePacket(decodeSocketIo(packet.data));
      if (packet.type === 'close') this.close('closed by the server');
    } catch (error) {
      this.close(error instanceof Error ? error.message : String(error));
    }
  }

  private takePacket(packet: SocketIoPacket): void {
    switch (packet.type) {
      case 'connect':
        if (this.state.kind !== 'connecting') return;
        this.state.settler.resolve();
        this.state = { kind: 'open', link: this.state.link };
        return;
      case 'connectError':
        return this.close(`refused: ${JSON.stringify(packet.error)}`);
      case 'disconnect':
        return this.close('disconnected by the server');
      case 'event':
        return this.options.onEvent(packet.name, packet.args[0]);
      case 'ack': {
        const settler = this.asked.get(packet.id);
        this.asked.delete(packet.id);
        settler?.resolve(packet.args[0]);
      }
    }
  }

  private send(packet: SocketIoPacket): void {
    linkOf(this.state)?.send(encodeEngineIo({ type: 'message', data: encodeSocketIo(packet) }));
  }

  private end(reason: string): void {
    if (this.state.kind === 'ended') return;
    const rejects = [...this.asked.values()].map(({ reject }) => reject);
    if (this.state.kind === 'connecting') rejects.push(this.state.settler.reject);
    this.state = { kind: 'ended', reason };
    this.asked.clear();
    this.options.onEnd(reason);
    for (const reject of rejects) reject(new Error(reason));
  }
}

/** Where to connect, as whom, and who listens. */
export interface SessionOptions {
  readonly openWebSocket: OpenWebSocket;
  /** `ws://HOST/socket.io/?EIO=4&transport=websocket`; see `engineIoUrl`. */
  readonly url: string;
  /** Such as `/chat`. */
  readonly namespace: string;
  readonly auth: Readonly<Record<string, unknown>>;
  /** Called with each event of the server and its first argument. */
  readonly onEvent: (name: string, payload: unknown) => void;
  /** Called once, when the session is over, whoever ended it. */
  readonly onEnd: (reason: string) => void;
}

type SessionState =
  | { readonly kind: 'new' }
  | { readonly kind: 'connecting'; readonly link: WebSocketLink; readonly settler: Settler<void> }
  | { readonly kind: 'open'; readonly link: WebSocketLink }
  | { readonly kind: 'ended'; readonly reason: string };

interface Settler<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}

function linkOf(state: SessionState): WebSocketLink | undefined {
  return 'link' in state ? state.link : undefined;
}

function describe(state: SessionState): string {
  return state.kind === 'ended' ? state.reason : 'not connected';
}
