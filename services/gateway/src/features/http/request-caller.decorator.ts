import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ChatError } from '@parlance/proto';
import type { ChatRequest } from '../auth/guards/chat-request.js';
import type { Caller } from '../auth/tokens/caller.js';

/** The caller whom the guard has found; for controllers behind `HttpAuthGuard`. */
export const RequestCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<ChatRequest>();
  if (caller === undefined) throw new ChatError('UNAUTHENTICATED');
  return caller;
});
