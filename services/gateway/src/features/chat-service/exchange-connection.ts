import type { CallResult, ExchangeRequest } from '@parlance/proto';

/** Opens one stream to one pod. Opening is one attempt: after `onEnd` nothing more comes of it. */
export type OpenExchange = (address: string, events: ExchangeEvents) => ExchangeConnection;

/** What a stream tells its owner; never called before `OpenExchange` has returned. */
export interface ExchangeEvents {
  /** Frames can be written. */
  onUp(): void;
  /** Results of one received frame, at least one. */
  onResults(results: readonly CallResult[]): void;
  /** What every received frame says: whether events of this pod are failing to reach Redis. */
  onEventsFailing(isFailing: boolean): void;
  /** The stream is over or never came up; called once, unless the owner closed it. */
  onEnd(reason: string): void;
}

/** One open stream. */
export interface ExchangeConnection {
  /** Writes a frame; only after `onUp`. */
  write(frame: ExchangeRequest): void;
  /** Ends the stream and its channel. */
  close(): void;
}
