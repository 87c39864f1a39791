import { setTimeout as delay } from 'node:timers/promises';
import { shuffled } from '../../seeded-random.js';
import { type ChangeKind, type ChangeKindName, type Changer, changeKinds } from './change-kinds.js';

/** How long a round waits for somebody to see something; then it goes without. */
const patienceMs = 20_000;
const underWayAtMost = 10;

/** Which rounds are played, and with whom. */
export interface ChangePlan {
  readonly people: readonly Changer[];
  readonly random: () => number;
  /** The kinds to play. */
  readonly kinds: readonly ChangeKindName[];
  readonly signal: AbortSignal;
}

/** Who is told where people are. */
export interface PlacesListener {
  resides(people: readonly Changer[], roomId: string): void;
  visits(visitor: Changer, roomId: string): void;
}

/** Changes rooms all the time: the kinds in turn, each with other people, and a round does not wait for the one before. */
export class ChangeRounds {
  /** Rounds that were played, by their kind. */
  readonly counts = new Map<ChangeKindName, number>();

  constructor(
    private readonly plan: ChangePlan,
    private readonly listener: PlacesListener,
  ) {}

  /**
   * Begins so many rounds, one every so often, of them no more than `share` says (0 to 1) and none after `over`; resolves
   * when all that began have ended.
   */
  async run(count: number, everyMs: number, until: { over: AbortSignal; share: () => number }): Promise<void> {
    const { random, kinds } = this.plan;
    const isOver = (): boolean => until.over.aborted || this.plan.signal.aborted;
    const underWay = new Set<Promise<void>>();
    let turn: ChangeKindName[] = [];
    for (let begun = 0; begun < count && kinds.length > 0 && !isOver(); begun++) {
      if (turn.length === 0) turn = shuffled(kinds, random);
      const name = turn.pop();
      if (name === undefined) break;
      const round = this.play(name).finally(() => underWay.delete(round));
      underWay.add(round);
      await delay(everyMs);
      const next = begun + 1;
      const isDue = (): boolean => next < count * until.share() || until.share() >= 1;
      for (let due = isDue(); !due && !isOver(); due = isDue()) await delay(50);
      if (underWay.size >= underWayAtMost) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  }

  private async play(name: ChangeKindName): Promise<void> {
    const { people, random, signal } = this.plan;
    const { resides, visits } = this.listener;
    const kind: ChangeKind = changeKinds[name];
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    await kind.play({
      people: shuffled(people, random),
      random,
      resides,
      visits,
      until: async (condition) => {
        const end = performance.now() + patienceMs;
        while (!condition() && !signal.aborted && performance.now() < end) await delay(50);
        return condition();
      },
    });
  }
}
