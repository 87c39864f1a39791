import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ChatError } from '@parlance/proto';
import type { Caller } from '../auth/caller.js';
import type { ChatRequest } from './chat-request.js';

/** The caller whom the guard has found; for controllers behind `HttpAuthGuard`. */
export const RequestCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<ChatRequest>();
  if (caller === undefined) throw new ChatError('UNAUTHENTICATED');
  return caller;
});
