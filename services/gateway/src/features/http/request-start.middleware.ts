import type { ServerResponse } from 'node:http';
import { ChatError } from '@parlance/proto';
import type { HealthRegistry } from '@parlance/runtime';
import type { RequestJournal } from '../../answers/request-journal.js';
import type { ChatRequest } from '../auth/guards/chat-request.js';
import { isOriginAllowed } from '../auth/origins/origin-policy.js';

/**
 * Makes the first middleware: a trace for every request, and no service for pages of origins that are not allowed. The
 * answers of a gateway that is about to stop end their connections, so that the next request finds another one.
 */
export function requestStart(
  allowedOrigins: readonly string[],
  health: Pick<HealthRegistry, 'isDraining'>,
  journal: RequestJournal,
) {
  return (request: ChatRequest, response: ServerResponse, next: (error?: Error) => void): void => {
    if (health.isDraining) response.setHeader('connection', 'close');
    const { traceId, startedAt, span } = journal.begin('http unknown', undefined, request.headers['traceparent']);
    Object.assign(request, { traceId, startedAt, span });
    next(isOriginAllowed(request.headers.origin, allowedOrigins) ? undefined : new ChatError('ORIGIN_NOT_ALLOWED'));
  };
}
