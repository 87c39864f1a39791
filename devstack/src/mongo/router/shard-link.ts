import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Frames } from './wire/frames.js';

/** One connection to a mongod over which messages go as they are, one at a time. */
export class ShardLink {
  private readonly frames = new Frames();
  private waiting: Waiting | undefined;
  private isLast = false;

  private constructor(
    private readonly socket: Socket,
    /** "127.0.0.1:27117". */
    readonly address: string,
  ) {
    socket.on('data', (chunk: Buffer) => {
      for (const reply of this.frames.push(chunk)) this.settle()?.resolve(reply);
      if (this.isLast && this.waiting === undefined) this.close();
    });
    socket.on('error', () => undefined); // 'close' follows
    socket.on('close', () => this.settle()?.reject(new LinkLostError(address)));
  }

  /** Rejects when nobody listens there, or nothing answers within `timeoutMs`. */
  static async open(address: string, timeoutMs: number): Promise<ShardLink> {
    const [host = '', port = ''] = address.split(':');
    const socket = connect({ host, port: Number(port), noDelay: true });
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return new ShardLink(socket, address);
  }

  get open(): boolean {
    return !this.socket.destroyed && this.socket.writable;
  }

  /** Sends one message and resolves with its answer. Rejects with a {@link LinkLostError} when the connection ends first. */
  ask(message: Buffer): Promise<Buffer> {
    if (!this.open) return Promise.reject(new LinkLostError(this.address));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(message);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  /** Closes it once the answer that is awaited has come; at once when there is none. */
  closeWhenIdle(): void {
    this.isLast = true;
    if (this.waiting === undefined) this.close();
  }

  private settle(): Waiting | undefined {
    const waiting = this.waiting;
    this.waiting = undefined;
    return waiting;
  }
}

interface Waiting {
  readonly resolve: (reply: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** The mongod went away while it was asked: whether it did what it was asked is unknown. */
export class LinkLostError extends Error {
  override readonly name = 'LinkLostError';

  constructor(address: string) {
    super(`the connection to ${address} ended before the answer came`);
  }
}
