import type { Ack } from '@parlance/proto';
import type { ParlanceError } from '../parlance-error.js';

/** One connection to one gateway, from the attempt to its end. It never comes back: the next attempt is another socket. */
export interface GatewaySocket {
  /** Sends an event; `answer` is called at most once, and never when the socket ends before. */
  send(name: string, payload: unknown, answer: (ack: Ack<unknown>) => void): void;
  /** Ends it. `closed` is not called after that. */
  close(): void;
}

/** Begins to connect. Nothing is called back before this returns. */
export type OpenSocket = (target: SocketTarget, handlers: SocketHandlers) => GatewaySocket;

/** Where to, and as whom. */
export interface SocketTarget {
  /** Base URL of the gateway, see `socketAddress`. */
  readonly url: string;
  readonly token: string;
  readonly connectTimeoutMs: number;
}

/** What a socket tells. */
export interface SocketHandlers {
  /** A server event. */
  readonly event: (name: string, payload: unknown) => void;
  /** Something else has arrived that only says that the socket is alive. */
  readonly heartbeat: () => void;
  /** It was refused, could not be made, or has ended. Called at most once. */
  readonly closed: (error: ParlanceError) => void;
}
