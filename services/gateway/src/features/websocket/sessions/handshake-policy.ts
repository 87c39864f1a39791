import { ChatError, protocolVersion } from '@parlance/proto';
import { isOriginAllowed } from '../../auth/origins/origin-policy.js';

/** Says why a handshake is refused before its token is even looked at, or undefined when it may go on. Pure. */
export function refuseHandshake(facts: HandshakeFacts, allowedOrigins: readonly string[]): ChatError | undefined {
  if (facts.isDraining) return new ChatError('SHUTTING_DOWN');
  if (!isOriginAllowed(facts.origin, allowedOrigins)) return new ChatError('ORIGIN_NOT_ALLOWED');
  if (facts.protocolVersion !== undefined && facts.protocolVersion !== protocolVersion) {
    return new ChatError('INVALID_MESSAGE', { message: `protocolVersion: this server speaks ${protocolVersion}.` });
  }
  if (facts.hasBegunBefore) return new ChatError('INVALID_MESSAGE', { message: 'This connection has joined already.' });
  return undefined;
}

/** What is known of a handshake without its token. */
export interface HandshakeFacts {
  /** This process is going away. */
  readonly isDraining: boolean;
  /** The `Origin` header. */
  readonly origin: string | undefined;
  /** As the client sent it: anything. */
  readonly protocolVersion: unknown;
  /** The same connection has sent a CONNECT for this namespace before. */
  readonly hasBegunBefore: boolean;
}
