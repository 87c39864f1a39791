import type { ConnectionCounts } from './connection-policy.js';

/** What a handshake is measured by. */
export interface HandshakeRules {
  /** Origins of browsers that may connect. */
  readonly allowedOrigins: readonly string[];
  /** Time for the whole handshake, milliseconds. */
  readonly authTimeoutMs: number;
  /** Connections that one gateway holds. */
  readonly most: ConnectionCounts;
  /** Counts a handshake. Rejects with RATE_LIMITED. */
  readonly take: (remoteAddress: string, forwardedFor: string | undefined) => Promise<void>;
  /** True once this process is going away. */
  readonly isDraining: () => boolean;
}

/** Injection token of {@link HandshakeRules}. */
export const HANDSHAKE_RULES = Symbol('HandshakeRules');
