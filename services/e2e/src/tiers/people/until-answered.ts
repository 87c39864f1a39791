import { setTimeout as delay } from 'node:timers/promises';
import { ChatError } from '@parlance/proto';
import { backoffMs } from '@parlance/runtime';

/** What came of a call that was repeated until it was answered. */
export type Answered<Answer> =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly attempts: number; readonly waitedMs: number }
  /** It was refused for good (`failed`), or not answered within its patience. */
  | { readonly kind: 'failed' | 'unreadable'; readonly text: string };

/** How long a call is repeated, milliseconds: longer than any election, restart or lease takes here. */
const patienceMs = 90_000;

/** Repeats a call while it fails retryable, as a client does. It has to be repeatable. Never throws. */
export async function untilAnswered<Answer>(call: () => Promise<Answer>): Promise<Answered<Answer>> {
  const startedAt = performance.now();
  for (let attempts = 1; ; attempts++) {
    try {
      const answer = await within(patienceMs, call());
      return { kind: 'answered', answer, attempts, waitedMs: performance.now() - startedAt };
    } catch (thrown) {
      const text = textOf(thrown);
      if (!(thrown instanceof ChatError) || !thrown.row.retryable) return { kind: 'failed', text };
      if (performance.now() - startedAt > patienceMs) return { kind: 'unreadable', text };
      await delay(backoffMs(attempts, { firstMs: 20, capMs: 1_000 }));
    }
  }
}

/** Rejects when a call is not answered at all. */
async function within<Answer>(timeMs: number, call: Promise<Answer>): Promise<Answer> {
  const over = new AbortController();
  const limit = delay(timeMs, undefined, { signal: over.signal }).then(() => {
    throw new Error(`no answer within ${timeMs} ms`);
  });
  try {
    return await Promise.race([call, limit]);
  } finally {
    over.abort();
    limit.catch(() => {});
  }
}

function textOf(thrown: unknown): string {
  if (!(thrown instanceof ChatError))
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  const { reason, message, cause } = thrown;
  return `${reason}: ${message}${cause instanceof Error ? ` (${cause.message})` : ''}`;
}
