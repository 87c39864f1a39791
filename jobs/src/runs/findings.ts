import type { JobFinding } from '@parlance/storage';

/** What a run finds wrong and leaves, by kind. */
export class Findings {
  private readonly counts = new Map<string, number>();

  /** Notes more of a kind; `kind` is a word of the job's own, never a name of a room or a user. */
  add(kind: string, count = 1): void {
    if (count > 0) this.counts.set(kind, (this.counts.get(kind) ?? 0) + count);
  }

  /** What was found up to now, in the order in which the kinds were. */
  list(): readonly JobFinding[] {
    return [...this.counts].map(([kind, count]) => ({ kind, count }));
  }
}
