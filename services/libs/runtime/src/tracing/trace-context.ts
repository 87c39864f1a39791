import { AsyncLocalStorage } from 'node:async_hooks';
import { isSpanContextValid, trace } from '@opentelemetry/api';

const storage = new AsyncLocalStorage<string>();

/**
 * Runs `work` so that log lines written in it, and in all it awaits, carry `traceId`.
 * For requests that arrive with a trace id and no OpenTelemetry span.
 */
export function runWithTrace<Result>(traceId: string, work: () => Result): Result {
  return storage.run(traceId, work);
}

/** Ids of the active OpenTelemetry span, else the trace id given to `runWithTrace`, else undefined. */
export function currentTrace(): CurrentTrace | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (span !== undefined && isSpanContextValid(span)) return { traceId: span.traceId, spanId: span.spanId };
  const traceId = storage.getStore();
  return traceId === undefined ? undefined : { traceId };
}

/** What a log line says about the request it belongs to. */
export interface CurrentTrace {
  readonly traceId: string;
  readonly spanId?: string;
}
