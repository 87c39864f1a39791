import { backoffMs } from '@parlance/runtime';
import type { GatewayMetrics } from '../../../metrics.js';
import type { PendingCall } from '../streams/pending-call.js';
import { RetryBudget } from './retry-budget.js';
import { type RetryFacts, refuseRetry } from './retry-policy.js';

const retryPause = { firstMs: 20, capMs: 1_000 };

/** Says which calls are sent again and after which pause, and counts them. */
export class Retries {
  private readonly budget: RetryBudget;

  constructor(
    private readonly metrics: Pick<GatewayMetrics, 'retries' | 'refusedRetries'>,
    private readonly now: () => number,
    private readonly random: () => number,
  ) {
    this.budget = new RetryBudget(now());
  }

  /** A new call is made. */
  earn(): void {
    this.budget.earn();
  }

  /** How long a call waits before it is sent again after a failed attempt, milliseconds; undefined when it must not be. */
  pauseMs(call: PendingCall, effect: RetryFacts['effect']): number | undefined {
    const now = this.now();
    const pauseMs = effect === 'none' ? 0 : backoffMs(call.attempts, retryPause, this.random);
    const { repeatable: isRepeatable, attempts, context } = call;
    const facts = { effect, isRepeatable, attempts, nextAt: now + pauseMs, deadlineAt: context.deadlineAt };
    const why = refuseRetry(facts, () => this.budget.take(now));
    if (why === undefined) return pauseMs;
    this.metrics.refusedRetries.inc({ why });
    return undefined;
  }

  /** A call is sent again. */
  retried(): void {
    this.metrics.retries.inc();
  }
}
