import type { ServerResponse } from 'node:http';
import { ChatError } from '@parlance/proto';
import { newTraceparent } from '@parlance/runtime';
import { isOriginAllowed } from '../auth/origin-policy.js';
import type { ChatRequest } from './chat-request.js';

/** Makes the first middleware: a trace for every request, and no service for pages of origins that are not allowed. */
export function requestStart(allowedOrigins: readonly string[]) {
  return (request: ChatRequest, _response: ServerResponse, next: (error?: Error) => void): void => {
    request.traceId = newTraceparent();
    request.startedAt = performance.now();
    next(isOriginAllowed(request.headers.origin, allowedOrigins) ? undefined : new ChatError('ORIGIN_NOT_ALLOWED'));
  };
}
