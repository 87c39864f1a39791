/** Watermarks that one participant has reached. */
export interface Marks {
  readonly roomId: string;
  readonly userId: string;
  /** Everything up to here has reached the user; at least `read`. */
  readonly delivered: number;
  /** Everything up to here was read. */
  readonly read: number;
}
