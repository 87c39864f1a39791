import type { Socket } from 'socket.io';
import { refuseHandshake } from './handshake-policy.js';

/**
 * What a handshake has to pass before its token is looked at. A gateway that is told to stop takes handshakes for a while yet,
 * though it is not ready.
 */
export class HandshakeGate {
  /** Connections whose handshake has begun. */
  private readonly begun = new WeakSet<object>();
  private isClosed = false;

  /** @param take counts a handshake by where it comes from; rejects with RATE_LIMITED. */
  constructor(
    private readonly settings: HandshakeSettings,
    private readonly take: (remoteAddress: string, forwardedFor: string) => Promise<void>,
    private readonly now: () => number,
  ) {}

  /** From here on handshakes are refused with SHUTTING_DOWN; there is no way back. */
  close(): void {
    this.isClosed = true;
  }

  /**
   * Resolves with when this handshake is given up, Unix milliseconds.
   *
   * @throws ChatError (rejects) as {@link refuseHandshake} says, and RATE_LIMITED.
   */
  async pass({ handshake, client }: Socket): Promise<number> {
    // Socket.IO closes the connection when the time is over; the answer should come before.
    const deadlineAt = this.now() + this.settings.authTimeoutMs * 0.9;
    const { address, auth, headers } = handshake;
    const facts = {
      isDraining: this.isClosed,
      origin: headers.origin,
      protocolVersion: auth['protocolVersion'] as unknown,
      hasBegunBefore: this.begun.has(client),
    };
    const refusal = refuseHandshake(facts, this.settings.allowedOrigins);
    if (refusal) throw refusal;
    this.begun.add(client);
    await this.take(address, [headers['x-forwarded-for'] ?? []].flat().join(','));
    return deadlineAt;
  }
}

/** What a handshake is measured by. */
export interface HandshakeSettings {
  /** Origins of browsers that may connect. */
  readonly allowedOrigins: readonly string[];
  /** Time for the whole handshake, milliseconds. */
  readonly authTimeoutMs: number;
}
