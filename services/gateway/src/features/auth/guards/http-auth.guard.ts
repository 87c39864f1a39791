import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../../../config.js';
import { CONFIG } from '../../../injection-tokens.js';
import { RateLimits } from '../../limits/rate-limits.js';
import { TokenCheck } from '../revocations/token-check.js';
import { bearerToken } from '../tokens/bearer-token.js';
import type { ChatRequest } from './chat-request.js';

/** Lets HTTP requests in that carry a valid token, and notes who makes them and what they are for. */
@Injectable()
export class HttpAuthGuard implements CanActivate {
  constructor(
    private readonly tokens: TokenCheck,
    private readonly limits: RateLimits,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @throws ChatError UNAUTHENTICATED, TOKEN_EXPIRED, RATE_LIMITED, STORE_UNAVAILABLE. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ChatRequest>();
    request.operation = `http ${context.getHandler().name}`;
    const { userId, scopes } = await this.tokens.verify(bearerToken(request.headers.authorization));
    request.scopes = scopes;
    request.caller = { userId, traceId: request.traceId, deadlineAt: Date.now() + this.config.requestTimeoutMs };
    await this.limits.take('httpOfUser', userId);
    return true;
  }
}
