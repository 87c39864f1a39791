import type { IncomingMessage } from 'node:http';
import type { Span } from '@parlance/runtime';
import type { Caller } from '../tokens/caller.js';

/** An HTTP request as it passes through the gateway. */
export interface ChatRequest extends IncomingMessage {
  /** W3C traceparent; there from the first middleware on. */
  traceId: string;
  /** When it arrived, for the journal. */
  startedAt: number;
  /** There where the request is traced, for the journal. */
  span?: Span | undefined;
  /** Name of the operation, once a controller is found. */
  operation?: string;
  /** Who makes the request, once the guard knows. */
  caller?: Caller;
  /** Scopes of the token, once the guard knows. */
  scopes?: readonly string[];
}
