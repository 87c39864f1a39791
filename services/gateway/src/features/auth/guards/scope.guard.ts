import type { CanActivate, ExecutionContext, Type } from '@nestjs/common';
import { ChatError } from '@parlance/proto';
import type { ChatRequest } from './chat-request.js';

/**
 * A guard that lets requests in whose token has a scope, `admin` for operators or `system` for backends that say system
 * messages; stands behind `HttpAuthGuard`. Others get PERMISSION_DENIED.
 */
export function scopeGuard(scope: 'admin' | 'system'): Type<CanActivate> {
  return class ScopeGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const { scopes = [] } = context.switchToHttp().getRequest<ChatRequest>();
      if (scopes.includes(scope)) return true;
      throw new ChatError('PERMISSION_DENIED', { message: `The token needs the scope ${scope}.` });
    }
  };
}
