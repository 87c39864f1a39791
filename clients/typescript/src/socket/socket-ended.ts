/** Protocol error, data not understood, data not consistent, policy, too big. */
const refusingCodes: ReadonlySet<number | undefined> = new Set([1002, 1003, 1007, 1008, 1009]);

/** No closing at all, and a fault of the server. */
const brokenCodes: ReadonlySet<number | undefined> = new Set([undefined, 1006, 1011]);

/** How a socket ended, as the cause of the `DISCONNECTED` that tells of it. */
export class SocketEnded extends Error {
  override readonly name = 'SocketEnded';

  constructor(
    reason: string,
    readonly blame: SocketBlame,
  ) {
    super(reason);
  }

  /** What is known of the end that an error tells of. */
  static blameOf(error: { readonly cause?: unknown }): SocketBlame {
    return error.cause instanceof SocketEnded ? error.cause.blame : 'nobody';
  }
}

/**
 * `sent`: the server closed it because of what it was sent. `server`: the other side ended it without a reason. `nobody`: it
 * fell silent, the client let go of it, or the server said goodbye.
 */
export type SocketBlame = 'sent' | 'server' | 'nobody';

/**
 * Says whom to blame for the end of a Socket.IO connection. Pure.
 *
 * @param reason as Socket.IO names it.
 * @param closeCode of the WebSocket (RFC 6455, 7.4.1), if there is one.
 */
export function blameFor(reason: string, closeCode: number | undefined): SocketBlame {
  if (refusingCodes.has(closeCode)) return 'sent';
  if (reason === 'ping timeout' || reason === 'parse error') return 'nobody';
  return brokenCodes.has(closeCode) ? 'server' : 'nobody';
}
