import type { Address } from './chat-socket.ts';
import type { CrowdRoom, LoadSpec } from './load.ts';

/** What the parent asks of the crowd's process. */
export type CrowdAsked =
  | {
      readonly kind: 'open';
      readonly addresses: readonly Address[];
      /** So many handshakes are under way at a time. */
      readonly atOnce: number;
      /** What each asks for as soon as it is there; a connection without one is done then. */
      readonly first?: readonly (FirstRequest | undefined)[];
    }
  | { readonly kind: 'drop' }
  | { readonly kind: 'pause'; readonly connections: readonly number[] }
  /** One connection asks for one thing after the other. */
  | { readonly kind: 'inTurn'; readonly connection: number; readonly requests: readonly FirstRequest[] }
  /** Many connections ask for the same thing at once. */
  | { readonly kind: 'together'; readonly connections: readonly number[]; readonly request: FirstRequest }
  | { readonly kind: 'request'; readonly connection: number; readonly name: string; readonly payload: unknown }
  | { readonly kind: 'load'; readonly rooms: readonly CrowdRoom[]; readonly spec: LoadSpec };

/** An event with its payload. */
export interface FirstRequest {
  readonly name: string;
  readonly payload: unknown;
}

/** How a request went. */
export interface Answered {
  readonly ms: number;
  /** Messages in the answer. */
  readonly messages: number;
}

/** How opening went. */
export interface Opened {
  /** Until the last one had what it asked for, milliseconds. */
  readonly allMs: number;
  /** Messages in each answer; 0 where nothing was asked. */
  readonly messages: readonly number[];
}

/** What it is told. */
export type CrowdTold =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'mark'; readonly at: 'begin' | 'end' };
