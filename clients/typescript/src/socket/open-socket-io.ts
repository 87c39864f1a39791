import type { Ack, AckFailure } from '@parlance/proto';
import { io } from 'socket.io-client';
import { ParlanceError } from '../parlance-error.js';
import type { OpenSocket } from './gateway-socket.js';
import { socketAddress } from './socket-address.js';
import { blameFor, SocketEnded } from './socket-ended.js';

/** The version of the protocol that is spoken here; a test compares it with `@parlance/proto`. */
export const protocolVersion = 1;

/**
 * A {@link GatewaySocket} over Socket.IO. Its own reconnecting is off: it would keep its buffer and its token, while here every
 * attempt asks for a token and everything is sent again under its own rules.
 */
export const openSocketIo: OpenSocket = ({ url, token, connectTimeoutMs }, { event, heartbeat, closed }) => {
  const { namespaceUrl, path } = socketAddress(url);
  const socket = io(namespaceUrl, {
    path,
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    timeout: connectTimeoutMs,
    auth: { token, protocolVersion },
  });
  const end = (error: ParlanceError | undefined): void => {
    socket.off();
    socket.offAny();
    socket.io.off('ping', heartbeat);
    socket.disconnect();
    if (error) closed(error);
  };
  socket.onAny((name: string, payload: unknown) => event(name, payload));
  socket.io.on('ping', heartbeat);
  socket.on('connect_error', (error) => end(toParlanceError(error)));
  socket.on('disconnect', (reason, details) => {
    const ended = new SocketEnded(reason, blameFor(reason, closeCodeOf(details)));
    end(ParlanceError.disconnected('unknown', ended));
  });
  return {
    send: (name, payload, answer) => {
      socket.emit(name, payload, (ack: Ack<unknown>) => answer(ack));
    },
    close: () => end(undefined),
  };
};

function toParlanceError(error: Error & { data?: unknown }): ParlanceError {
  return isErrorData(error.data) ? ParlanceError.fromServer(error.data) : ParlanceError.disconnected('rejected', error);
}

/** engine.io-client 6 hands on the WebSocket's own event as `context`. */
function closeCodeOf(details: unknown): number | undefined {
  const { context } = (details ?? {}) as { readonly context?: { readonly code?: unknown } };
  return typeof context?.code === 'number' ? context.code : undefined;
}

function isErrorData(data: unknown): data is AckFailure['error'] {
  return typeof data === 'object' && data !== null && 'code' in data && 'retryable' in data;
}
