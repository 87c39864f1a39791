import type { WriteOutcome } from '@parlance/runtime';

const recoveryMs = 10_000;

/**
 * Whether what this pod publishes reaches Redis, by what became of its writes: failing from the first that Redis did not
 * take until ten seconds have passed without another. Gateways are told, since nothing else shows them that events of
 * one pod are missing while those of others come.
 */
export class PublishingState {
  private failedAt = Number.NEGATIVE_INFINITY;
  private why = '';
  private _isFailing = false;
  private readonly listeners = new Set<() => void>();

  /** @param now Milliseconds. */
  constructor(private readonly now: () => number) {}

  get isFailing(): boolean {
    return this._isFailing;
  }

  /** Takes note of a write and passes its outcome on. */
  note(outcome: WriteOutcome): WriteOutcome {
    if (outcome.failed > 0) {
      this.failedAt = this.now();
      this.why = outcome.firstError?.message ?? 'no answer';
      this.look();
    }
    return outcome;
  }

  /** Notices the end of a failure. Call it about once a second. */
  look(): void {
    const isFailing = this.now() - this.failedAt < recoveryMs;
    if (isFailing === this._isFailing) return;
    this._isFailing = isFailing;
    for (const listener of this.listeners) listener();
  }

  /** Adds a listener for both changes; returns how to take it away. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** A health check. Throws an Error with the reason of the last failure while failing. */
  requireWorking(): void {
    if (this._isFailing) throw new Error(`Redis did not take all that was written: ${this.why}`);
  }
}
