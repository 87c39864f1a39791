import { type Span, startSpan } from '@parlance/runtime';
import type { InsertOutcome } from '@parlance/storage';

/**
 * Starts the span of an insert command with messages of which some are traced: below the first of these, linked to them all, and
 * they to it. Undefined where none is.
 */
export function startCommitSpan(batches: Iterable<{ readonly sends: readonly TracedSend[] }>): Span | undefined {
  let span: Span | undefined;
  for (const { sends } of batches) {
    for (const { context } of sends) {
      if (context.span === undefined) continue;
      span ??= startSpan('commit', 'internal', context.span.traceparent);
      span?.link(context.span.traceparent);
      context.span.link(span?.traceparent);
    }
  }
  return span;
}

/** Ends it with what became of the messages. */
export function endCommitSpan(span: Span, outcomes: readonly InsertOutcome[]): void {
  span.set('parlance.messages', outcomes.length);
  const failed = outcomes.find(({ kind }) => kind !== 'committed');
  if (failed === undefined) return span.end();
  span.set('parlance.committed', outcomes.filter(({ kind }) => kind === 'committed').length);
  span.fail(failed.kind, 'cause' in failed ? failed.cause : undefined);
}

/** A message in it, and the call that sends it. */
export interface TracedSend {
  readonly context: { readonly span?: Span | undefined };
}
