import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ChatError } from '@parlance/proto';
import type { ChatRequest } from '../http/chat-request.js';

/** Lets requests in whose token has the scope `admin`; stands behind `HttpAuthGuard`. */
@Injectable()
export class AdminGuard implements CanActivate {
  /** @throws ChatError PERMISSION_DENIED. */
  canActivate(context: ExecutionContext): boolean {
    const { scopes = [] } = context.switchToHttp().getRequest<ChatRequest>();
    if (!scopes.includes('admin')) {
      throw new ChatError('PERMISSION_DENIED', { message: 'The token needs the scope admin.' });
    }
    return true;
  }
}
