import type { Address } from '../crowd/chat-socket.ts';

/** A chat that is measured, with all that it needs. */
export interface RunningSystem extends AsyncDisposable {
  /** "parlance", "L1". */
  readonly name: string;
  /** Its own processes, not the servers it shares with others. */
  readonly processes: readonly MeasuredProcess[];
  /** Where the n-th user connects. */
  readonly addressOf: (user: string, index: number) => Address;
  /** Makes a room of connected people and resolves with its id once they hear what is said in it. */
  readonly createRoom: (people: RoomPeople) => Promise<string>;
  /** Where each gateway shows its metrics; of Parlance only. */
  readonly opsUrls?: readonly string[];
  /** Promises ascending ids without gaps to every member. What does not is not refused for it, only counted. */
  readonly ordered: boolean;
}

/** A process whose CPU is told. */
export interface MeasuredProcess {
  readonly name: string;
  readonly pid: number;
}

/** Who is to be in a room. */
export interface RoomPeople {
  readonly number: number;
  readonly users: readonly string[];
  /** The n-th of them sends an event and gets its ack. */
  readonly request: (member: number, name: string, payload: unknown) => Promise<unknown>;
}
