import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { RateLimits } from '../../limits/rate-limits.js';
import { TokenCheck } from '../revocations/token-check.js';
import { bearerToken } from '../tokens/bearer-token.js';
import { Callers } from '../tokens/caller.js';
import type { ChatRequest } from './chat-request.js';

/** Lets HTTP requests in that carry a valid token, and notes who makes them and what they are for. */
@Injectable()
export class HttpAuthGuard implements CanActivate {
  constructor(
    private readonly tokens: TokenCheck,
    private readonly limits: RateLimits,
    private readonly callers: Callers,
  ) {}

  /** @throws ChatError UNAUTHENTICATED, TOKEN_EXPIRED, RATE_LIMITED, STORE_UNAVAILABLE. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ChatRequest>();
    request.operation = `http ${context.getHandler().name}`;
    const { userId, scopes } = await this.tokens.verify(bearerToken(request.headers.authorization));
    request.scopes = scopes;
    request.caller = this.callers.of(userId, request.traceId);
    await this.limits.take('httpOfUser', userId);
    return true;
  }
}
