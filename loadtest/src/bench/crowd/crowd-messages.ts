import type { Address } from './chat-socket.ts';
import type { CrowdRoom, LoadSpec } from './load.ts';

/** What the parent asks of the crowd's process. */
export type CrowdAsked =
  | { readonly kind: 'open'; readonly addresses: readonly Address[] }
  | { readonly kind: 'request'; readonly connection: number; readonly name: string; readonly payload: unknown }
  | { readonly kind: 'load'; readonly rooms: readonly CrowdRoom[]; readonly spec: LoadSpec };

/** What it is told. */
export type CrowdTold =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'mark'; readonly at: 'begin' | 'end' };
