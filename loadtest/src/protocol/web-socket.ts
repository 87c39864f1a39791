/**
 * Opens a WebSocket for text frames. k6 and Node have different ones, so a session is given this function; it must call
 * `closed` once, at the end, whatever the reason.
 */
export type OpenWebSocket = (url: string, listener: WebSocketListener) => WebSocketLink;

/** What a session wants to hear of its WebSocket. */
export interface WebSocketListener {
  opened(): void;
  text(frame: string): void;
  closed(reason: string): void;
}

/** What a session does with its WebSocket. */
export interface WebSocketLink {
  send(frame: string): void;
  close(): void;
}
