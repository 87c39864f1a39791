/** A room as it stands when a run is over, with the events that led there. */
export interface FinalRoom {
  readonly roomId: string;
  readonly roomType: '1v1' | 'group';
  readonly name: string;
  readonly joinRule: string;
  readonly historyVisibility: string;
  /** The number of the newest room event that the room names. */
  readonly rev: number;
  /** Current participants with their roles. */
  readonly participants: ReadonlyMap<string, string>;
  /** Ascending by `rev`. */
  readonly events: readonly FinalRoomEvent[];
}

/** A stored room event. What it says of the room is absent where it says nothing. */
export interface FinalRoomEvent {
  readonly rev: number;
  readonly kind: string;
  readonly userId?: string;
  readonly role?: string;
  readonly name?: string;
  readonly joinRule?: string;
  readonly historyVisibility?: string;
}
