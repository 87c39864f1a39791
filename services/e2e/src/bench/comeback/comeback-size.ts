/** How much of everything. */
export interface ComebackSize {
  readonly clients: number;
  /** Rooms of each client. */
  readonly rooms: number;
  /** Clients in each room; beside them there is one user in all rooms who has written the one message and never connects. */
  readonly people: number;
  readonly rounds: number;
}
