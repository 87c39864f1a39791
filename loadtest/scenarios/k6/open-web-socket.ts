import { WebSocket } from 'k6/websockets';
import type { OpenWebSocket } from '../../src/protocol/web-socket.ts';

/** k6's WebSocket for a session. */
export const openWebSocket: OpenWebSocket = (url, listener) => {
  const socket = new WebSocket(url);
  let reason = 'the connection was closed';
  socket.addEventListener('open', () => listener.opened());
  socket.addEventListener('message', (event) => {
    if ('data' in event && typeof event.data === 'string') listener.text(event.data);
  });
  socket.addEventListener('error', (event) => {
    if ('error' in event) reason = event.error;
  });
  socket.addEventListener('close', () => listener.closed(reason));
  return { send: (frame) => socket.send(frame), close: () => socket.close() };
};
