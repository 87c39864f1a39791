import type { ServerResponse } from 'node:http';
import { type ArgumentsHost, BadRequestException, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { ChatError, toChatError } from '@parlance/proto';
import { RequestJournal } from '../../answers/request-journal.js';
import type { ChatRequest } from '../auth/guards/chat-request.js';

/** Turns any error of an HTTP request into the envelope. What is not a ChatError is INTERNAL; its cause is only logged. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  constructor(private readonly journal: RequestJournal) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<ChatRequest>();
    const response = host.switchToHttp().getResponse<ServerResponse>();
    const error = toHttpChatError(thrown, request);
    const { operation: event = 'http unknown', caller, traceId, startedAt, span } = request;
    const failure = this.journal.failed({ event, userId: caller?.userId, traceId, startedAt, span }, error);
    if (response.headersSent) return void response.destroy();
    response.statusCode = isUnknownPath(thrown) ? 404 : error.row.httpStatus;
    response.setHeader('content-type', 'application/json; charset=utf-8');
    if (error.retryAfterMs !== undefined) response.setHeader('retry-after', Math.ceil(error.retryAfterMs / 1000));
    response.end(JSON.stringify(failure));
  }
}

function toHttpChatError(thrown: unknown, request: ChatRequest): ChatError {
  if (isUnknownPath(thrown)) {
    const path = request.url?.split('?', 1)[0]?.slice(0, 200);
    return new ChatError('INVALID_MESSAGE', { message: `There is no ${request.method} ${path}.` });
  }
  if (thrown instanceof ChatError) return thrown;
  const status = statusOf(thrown);
  if (status === 413) return new ChatError('MESSAGE_TOO_LARGE');
  if (status >= 400 && status < 500) return new ChatError('INVALID_MESSAGE', { message: unreadable(thrown, request) });
  return toChatError(thrown, 'unknown');
}

function isUnknownPath(thrown: unknown): boolean {
  return thrown instanceof HttpException && thrown.getStatus() === 404;
}

/** Nest keeps of a path and of a body that cannot be read only that they are bad requests. */
function unreadable(thrown: unknown, { url = '' }: ChatRequest): string {
  if (!(thrown instanceof BadRequestException)) return 'The body cannot be read.';
  const [path = ''] = url.split('?', 1);
  return isPercentEncoded(path) ? 'The body is not a JSON object.' : 'The path is not percent-encoded UTF-8.';
}

function isPercentEncoded(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** Status of an error of Nest or of the body parser (https://github.com/expressjs/body-parser#errors), 0 for others. */
function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (thrown instanceof Error && 'type' in thrown && 'status' in thrown && typeof thrown.status === 'number')
    return thrown.status;
  return 0;
}
