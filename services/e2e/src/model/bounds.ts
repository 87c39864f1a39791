/** How much of each thing happens at most. All orders in which it can happen are explored. */
export interface Bounds {
  /** Messages of each writer; a writer sends its second one without waiting for the ack of its first. */
  readonly writers: readonly number[];
  /** 1: the month does not end. 2: it ends, at a moment of its own for each pod's clock. */
  readonly months: 1 | 2;
  /** Pods killed, each started again with an empty memory. */
  readonly crashes: number;
  /** Primaries lost, of one collection or of all together. */
  readonly failovers: number;
  /** Pod clocks set back over the month's end. */
  readonly clockSteps: number;
  /** Inserts, seals and chain changes whose outcome stays unknown to a pod that lives on. */
  readonly timeouts: number;
  /** Attempts that a client gives up as unknown and repeats, on any pod. */
  readonly giveUps: number;
  /** 1: after a failover the old primary goes on answering majority reads from its own view. */
  readonly staleReads: number;
  /** 1: a gateway with one listening client is part of the world. */
  readonly viewer: number;
  /** Events that Redis loses. */
  readonly lostEvents: number;
  /** Times that the listening client goes away and resumes. */
  readonly absences: number;
  /** Times that Redis falls back to an older counter; for the rules that count there. */
  readonly counterSteps: number;
}

/** Nothing goes wrong; configurations name what does. */
export const fairWeather: Bounds = {
  writers: [1],
  months: 1,
  crashes: 0,
  failovers: 0,
  clockSteps: 0,
  timeouts: 0,
  giveUps: 0,
  staleReads: 0,
  viewer: 0,
  lostEvents: 0,
  absences: 0,
  counterSteps: 0,
};

/** Messages in all. */
export function messageCount({ writers }: Bounds): number {
  return writers.reduce((sum, count) => sum + count, 0);
}

/** The message that the same writer sent before each message, or -1; writers' messages are numbered one writer after the other. */
export function predecessors({ writers }: Bounds): readonly number[] {
  let next = 0;
  return writers.flatMap((count) =>
    Array.from({ length: count }, (_, index) => {
      next += 1;
      return index === 0 ? -1 : next - 2;
    }),
  );
}
