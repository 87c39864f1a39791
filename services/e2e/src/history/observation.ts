/**
 * What a client did or saw. All times (`at`) are milliseconds of one clock, that of the process that observes; they order
 * observations and say nothing about the servers' clocks.
 */
export type Observation =
  | Sent
  | Acked
  | Refused
  | Shown
  | Marked
  | MembershipChanged
  | RoomChanged
  | RoomSized
  | StayChanged;

/** A message identified by its sender, as in the idempotency rule (R5: a client id makes a retry safe). */
export interface SendKey {
  readonly roomId: string;
  readonly senderId: string;
  readonly clientMessageId: string;
}

/** The first attempt of a message leaves; further attempts are not told. */
export interface Sent extends SendKey {
  readonly kind: 'sent';
  readonly at: number;
  /** The device or window; a user may have several. */
  readonly clientId: string;
  readonly content: string;
}

/** An attempt was acknowledged. */
export interface Acked extends SendKey {
  readonly kind: 'acked';
  readonly at: number;
  readonly messageId: number;
  /** The message's own time, Unix milliseconds. */
  readonly timestamp: number;
}

/** The sender was told for good that it is not stored (`rejected`), or that nobody knows (`unknown`). */
export interface Refused extends SendKey {
  readonly kind: 'refused';
  readonly at: number;
  readonly outcome: 'rejected' | 'unknown';
  readonly code: string;
}

/** A message as clients and the log see it. */
export interface SeenMessage extends SendKey {
  readonly messageId: number;
  readonly content: string;
  readonly timestamp: number;
}

/** A client showed a message to its user. */
export interface Shown {
  readonly kind: 'shown';
  readonly at: number;
  readonly clientId: string;
  readonly userId: string;
  readonly message: SeenMessage;
}

/** A client learned that somebody's mark stands at `upTo`. */
export interface Marked {
  readonly kind: 'marked';
  readonly at: number;
  readonly clientId: string;
  readonly roomId: string;
  readonly userId: string;
  readonly receipt: 'delivered' | 'read';
  readonly upTo: number;
}

/** A change of membership was acknowledged. */
export interface MembershipChanged {
  readonly kind: 'joined' | 'left';
  readonly at: number;
  readonly roomId: string;
  readonly userId: string;
}

/** Somebody asked for a change of a room and was told that it is done, or that nobody knows; what was refused is not told. */
export interface RoomChanged {
  readonly kind: 'changed';
  readonly roomId: string;
  readonly field: RoomField;
  /** What the field is then. */
  readonly value: string;
  /** When it was asked for. */
  readonly startedAt: number;
  /** When the answer came. */
  readonly at: number;
  /** `may`: done, but whether this field was written depends on what was there. */
  readonly outcome: 'done' | 'may' | 'unknown';
}

/** What can change in a room by itself: its settings, and for each user whether they are in it and with which role. */
export type RoomField = 'name' | 'joinRule' | 'historyVisibility' | `role of ${string}` | `place of ${string}`;

/** An answer said how many are in a room. */
export interface RoomSized {
  readonly kind: 'sized';
  readonly at: number;
  readonly roomId: string;
  readonly participants: number;
}

/** A client shows a room that it did not have, complete up to `upTo`; or it shows it no more. Told of visitors only. */
export interface StayChanged {
  readonly kind: 'opened' | 'closed';
  readonly at: number;
  readonly clientId: string;
  readonly roomId: string;
  readonly upTo: number;
}
