/** What people noticed. */
export interface Figures {
  readonly acks: number;
  /** Codes of answers that said no; each was sent again. */
  readonly refusedSends: readonly string[];
  readonly refusedHandshakes: number;
  /** Between any two acknowledgements, milliseconds. */
  readonly longestGapMs: number;
  /** Between any two messages that were shown to somebody else, milliseconds. */
  readonly longestSilenceMs: number;
  /** Of one person without a connection, milliseconds. */
  readonly longestOfflineMs: number;
  /** That this process itself, which has hardly anything to do, came too late to something, milliseconds. */
  readonly longestStallMs: number;
}

/** Before anything was noticed. */
export const noFigures: Figures = {
  acks: 0,
  refusedSends: [],
  refusedHandshakes: 0,
  longestGapMs: 0,
  longestSilenceMs: 0,
  longestOfflineMs: 0,
  longestStallMs: 0,
};
