import type { ChatMessage, Typing } from '@parlance/proto';
import type { ConnectionState } from './connection/connection-state.js';
import type { ParlanceError } from './parlance-error.js';
import type { RoomView } from './rooms/room-view.js';

/** What `ParlanceClient.on` tells of, with what each listener is given. */
export interface ClientEventMap {
  /** The connection's new state; with `waiting`, `client.nextAttemptAt` says how long. */
  state: ConnectionState;
  /** All rooms, after any of them changed, came or went; once for all changes of one turn. */
  rooms: ReadonlyMap<string, RoomView>;
  /** A room that changed. */
  room: RoomView;
  /**
   * A message that is new to this client, own ones included: each once, and those of a room in the order of their ids. What
   * was there before the room was loaded is not told.
   */
  message: ChatMessage;
  /**
   * The server's log of a room is another one, as after a restored backup, and the room was loaded anew: messages that were
   * shown may be gone, and ids come again with other messages.
   */
  wentBack: RoomView;
  /**
   * An own message that the server had acknowledged, and that was shown here, is not in the log behind the `wentBack` that came
   * just before: it was lost with what was restored. It is not sent again by itself.
   */
  messageLost: ChatMessage;
  /** Somebody else began or stopped typing; 12 s of silence count as a stop. */
  typing: Typing;
  /** What went wrong where no promise could tell it. */
  error: ParlanceError;
}
