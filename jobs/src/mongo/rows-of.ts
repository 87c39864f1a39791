import { JobFailed } from '../job-failed.js';

/** Longest a cursor of a job may work on the server, all its batches together, milliseconds. */
const cursorMs = 3_600_000;

/** Longest waits for answers, milliseconds. */
export interface Patience {
  /** For the first batch. */
  readonly firstMs: number;
  /** For each further one. */
  readonly nextMs: number;
}

/** Of a cursor that streams what it finds. */
const streaming: Patience = { firstMs: 60_000, nextMs: 60_000 };

/** Of one that reads all before it gives anything, as a `$group` or a `$sort` does. */
export const gathering: Patience = { firstMs: cursorMs, nextMs: 60_000 };

/**
 * How a job reads many documents: what a majority has, from the primaries, sorting on disk where it has to, and never without
 * an end. Take the rows with {@link rowsOf}.
 */
export const longRead = {
  readConcern: { level: 'majority' },
  readPreference: 'primary',
  allowDiskUse: true,
  maxTimeMS: cursorMs,
} as const;

/** What is needed of a find or aggregation cursor. */
export interface Rows<Row> {
  next(): Promise<Row | null>;
  readBufferedDocuments(): Row[];
  close(): Promise<void>;
}

/**
 * The documents of a cursor, one at a time. It ends by itself: a batch that does not come in its time fails the job (the driver
 * may wait for ever, see `commandTimeout`), an aborted job stops at once, and the cursor is closed however it ends, so
 * that none is left open behind a dead job to hold up the deletion of ranges.
 * @throws JobFailed; the signal's reason; what the driver throws.
 */
export async function* rowsOf<Row>(
  cursor: Rows<Row>,
  signal: AbortSignal,
  patience: Patience = streaming,
): AsyncGenerator<Row> {
  for await (const batch of batchesOf(cursor, signal, patience)) yield* batch;
}

/** The same by batches as the server gives them, for whoever takes so many that each `await` counts. */
export async function* batchesOf<Row>(
  cursor: Rows<Row>,
  signal: AbortSignal,
  { firstMs, nextMs }: Patience = streaming,
): AsyncGenerator<readonly Row[]> {
  try {
    for (let waitMs = firstMs; ; waitMs = nextMs) {
      signal.throwIfAborted();
      const row = await withinTime(cursor.next(), signal, waitMs);
      if (row === null) return;
      yield [row, ...cursor.readBufferedDocuments()];
    }
  } finally {
    // Not awaited: it is this answer that may never come. The server ends an idle cursor by itself.
    cursor.close().catch(() => undefined);
  }
}

/** The same promise, unless it takes too long or the job is aborted. */
async function withinTime<Value>(promise: Promise<Value>, signal: AbortSignal, waitMs: number): Promise<Value> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new JobFailed(`MongoDB did not answer for ${waitMs / 1_000} s`)), waitMs);
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([promise, ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    promise.catch(() => undefined);
  }
}
