/** What a run counts while it goes on. */
export class Tally {
  sends = 0;
  acknowledged = 0;
  /** Reads of a whole room that were compared with the oracle, and the messages in them. */
  roomsRead = 0;
  messagesRead = 0;
  /** Calls that had to be repeated. */
  repeatedCalls = 0;
  /** The longest that a call was repeated, milliseconds. */
  longestRepeatMs = 0;

  repeated({ attempts, waitedMs }: { readonly attempts: number; readonly waitedMs: number }): void {
    if (attempts === 1) return;
    this.repeatedCalls += 1;
    this.longestRepeatMs = Math.max(this.longestRepeatMs, waitedMs);
  }
}
