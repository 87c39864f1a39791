import type { CallResult, ExchangeRequest } from '@parlance/proto';

/** Opens one stream to one pod. Opening is one attempt: after `onEnd` nothing more comes of it. */
export type OpenExchange = (address: string, events: ExchangeEvents) => ExchangeConnection;

/** What a stream tells its owner; never called before `OpenExchange` has returned. */
export interface ExchangeEvents {
  /** The pod has accepted the stream; frames can be written. */
  onUp(): void;
  /** Results of one received frame, at least one. */
  onResults(results: readonly CallResult[]): void;
  /** What every received frame says of its pod. */
  onPodState(state: PodState): void;
  /** The stream is over or never came up; called once, unless the owner closed it. */
  onEnd(reason: string): void;
}

/** How a pod is. */
export interface PodState {
  /** Its events do not reach Redis, or not all. */
  readonly eventsFailing: boolean;
  /** It will stop soon, and serves until then. */
  readonly leaving: boolean;
}

/** One open stream. */
export interface ExchangeConnection {
  /** Writes a frame; only after `onUp`. */
  write(frame: ExchangeRequest): void;
  /** Ends the stream and its channel. */
  close(): void;
}

/** Why a pod ended a stream that came with a wrong `SERVICE_CREDENTIAL`. */
export const credentialRefused = 'it refuses the SERVICE_CREDENTIAL of this gateway';
