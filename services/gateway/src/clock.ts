/** What time it is. Whoever needs one of the two only is handed that function. */
export interface Clock {
  /** Unix milliseconds; may step. */
  now(): number;
  /** Milliseconds since some moment, which only rise: for durations. */
  elapsedMs(): number;
}
