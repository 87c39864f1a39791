import type { CounterName, TrendName } from '../catalogue/measures.ts';
import type { OpenWebSocket } from '../protocol/web-socket.ts';

/** What a part has of the world: a gateway, a clock, and somebody who counts. */
export interface Stage {
  /** `http://HOST:PORT`. */
  readonly gatewayUrl: string;
  readonly openWebSocket: OpenWebSocket;
  /** A token of that user. */
  readonly tokenOf: (userId: string) => string;
  /** Makes a group room and returns its id. */
  readonly createRoom: (token: string, name: string, participants: readonly string[]) => string;
  /** Unique in all runs; begins the names of people, rooms and messages. */
  readonly name: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** How long an answer or a missing message is waited for. */
  readonly patienceMs: number;
  /** As the promise; rejects with the name of what was waited for when patience ends. */
  readonly within: <Value>(promise: Promise<Value>, what: string) => Promise<Value>;
  readonly count: (counter: CounterName, number: number) => void;
  /** One sample, which is counted too. */
  readonly time: (trend: TrendName, ms: number) => void;
  /** One line for a person about something wrong. */
  readonly say: (line: string) => void;
}
