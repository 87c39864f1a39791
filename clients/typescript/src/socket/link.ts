import type { Ack } from '@parlance/proto';
import type { ParlanceError } from '../parlance-error.js';

/** One connection to one gateway, from the attempt to its end. It never comes back: the next attempt is another link. */
export interface Link {
  /** Sends an event; `answer` is called at most once, and never when the link ends before. */
  send(name: string, payload: unknown, answer: (ack: Ack<unknown>) => void): void;
  /** Ends it. `closed` is not called after that. */
  close(): void;
}

/** Begins to connect. Nothing is called back before this returns. */
export type OpenLink = (target: LinkTarget, handlers: LinkHandlers) => Link;

/** Where to, and as whom. */
export interface LinkTarget {
  /** Base URL of the gateway, see `socketAddress`. */
  readonly url: string;
  readonly token: string;
  readonly connectTimeoutMs: number;
}

/** What a link tells. */
export interface LinkHandlers {
  /** A server event. */
  readonly event: (name: string, payload: unknown) => void;
  /** Something else has arrived that only says that the link is alive. */
  readonly heartbeat: () => void;
  /** It was refused, could not be made, or has ended. Called at most once. */
  readonly closed: (error: ParlanceError) => void;
}
