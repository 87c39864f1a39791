import { io, type Socket } from 'socket.io-client';
import type { Address, CrowdSocket, LoadListener } from './chat-socket.ts';

/** One connection by the real client of Socket.IO: what it is told has gone through what people use, not through the crowd's own parser. */
export class CanarySocket implements CrowdSocket {
  listener: LoadListener = silence;

  private constructor(private readonly socket: Socket) {
    socket.onAny((name: string, payload: unknown) => {
      const { content = '', messageId = -1 } = (payload ?? {}) as Partial<SaidMessage>;
      const [, room, sequence] = said.exec(content) ?? [];
      if (room === undefined) this.listener.event(name, JSON.stringify(payload));
      else this.listener.message(Number(room), Number(sequence), messageId);
    });
  }

  /** Connects, and resolves when it is ready; rejects when it is refused or ends before. */
  static async open({ url, namespace, token, readyEvent = 'connect' }: Address): Promise<CanarySocket> {
    const socket = io(`${url}${namespace}`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ...(token === undefined ? {} : { auth: { token } }),
    });
    const opened = new CanarySocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once(readyEvent, () => resolve());
      socket.once('connect_error', (error) => reject(new Error(`a canary was refused: ${error.message}`)));
      socket.once('disconnect', (reason) =>
        reject(new Error(`a canary's connection ended before it was ready: ${reason}`)),
      );
    });
    return opened;
  }

  send(id: number, name: string, json: string): void {
    this.socket.emit(name, JSON.parse(json), (answer: unknown) => this.listener.ack(id, JSON.stringify([answer])));
  }

  tell(name: string, json: string): void {
    this.socket.emit(name, JSON.parse(json), () => undefined);
  }

  request(name: string, payload: unknown): Promise<unknown> {
    return this.socket.emitWithAck(name, payload);
  }

  pause(): void {
    throw new Error('a canary cannot stop reading');
  }

  terminate(): void {
    this.socket.disconnect();
  }
}

interface SaidMessage {
  readonly content: string;
  readonly messageId: number;
}

const said = /^m(\d+)\.(\d+) /;
const silence: LoadListener = { message: () => undefined, ack: () => undefined, event: () => undefined };
