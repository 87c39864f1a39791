import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '@parlance/runtime';
import type { ArchiveWalk, ChatDatabase, MonthYear, SlotDocument } from '@parlance/storage';
import { insertSlots } from '@parlance/storage';
import { JobFailed } from '../../job-failed.js';
import type { ProgressState } from '../../progress/render-progress.js';

/** What is filled, from which archive. */
export interface FillTask {
  readonly database: ChatDatabase;
  readonly month: MonthYear;
  readonly walk: ArchiveWalk;
  readonly signal: AbortSignal;
  report(state: ProgressState): void;
  checkpoint(): Promise<void>;
}

/** Records of one insert command. */
const recordsAtATime = 500;

/** How often one batch is tried. */
const patience = 6;

/**
 * Puts every record of an archive into the collection of its month, which has its indexes. What is there already stays as it
 * is, so it may be stopped anywhere and repeated; whether all is as it was, the comparison tells that follows.
 * @throws ArchiveFault; JobFailed when MongoDB does not take records.
 */
export async function fillMonth(task: FillTask): Promise<void> {
  const { walk, report, checkpoint, signal } = task;
  const total = walk.manifest.segments.reduce((sum, { records }) => sum + records, 0);
  let done = 0;
  for (const segment of walk.manifest.segments) {
    let batch: SlotDocument[] = [];
    for await (const record of walk.records(segment)) {
      batch.push(record);
      if (batch.length < recordsAtATime) continue;
      await insert(task, batch);
      report({ done: (done += batch.length), total, unit: 'records' });
      batch = [];
      signal.throwIfAborted();
      await checkpoint();
    }
    await insert(task, batch);
    report({ done: (done += batch.length), total, unit: 'records' });
  }
}

/** A record that is there counts as put: its slot and its `_id` are unique. */
async function insert({ database, month, signal }: FillTask, records: readonly SlotDocument[]): Promise<void> {
  let left = records;
  for (let round = 1; left.length > 0; round++) {
    const outcomes = await insertSlots(database, month, left, { ordered: false, timeoutMs: 30_000 });
    const missing = outcomes.filter(({ kind }) => kind !== 'committed' && kind !== 'taken');
    left = left.filter((_, index) => missing.includes(outcomes[index] ?? { kind: 'notAttempted', cause: undefined }));
    if (left.length === 0) return;
    if (round >= patience)
      throw new JobFailed(`MongoDB does not take ${left.length} records of ${month}: ${textOf(missing[0])}`);
    await delay(backoffMs(round, { firstMs: 100, capMs: 5_000 }), undefined, { signal });
  }
}

function textOf(outcome: unknown): string {
  const cause: unknown =
    typeof outcome === 'object' && outcome !== null && 'cause' in outcome ? outcome.cause : undefined;
  if (cause instanceof Error) return cause.message;
  const text = typeof cause === 'object' && cause !== null && 'errmsg' in cause ? cause.errmsg : undefined;
  return typeof text === 'string' ? text : 'no reason given';
}
