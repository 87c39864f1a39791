import {
  buildDictionary,
  canonicalLine,
  type DictionaryEntry,
  type MonthYear,
  readDictionary,
  type SegmentEntry,
  writeDictionary,
  writeSegments,
} from '@parlance/storage';
import type { ProgressState } from '../progress/render-progress.js';
import type { MonthSource } from './month-source.js';
import type { OpenArchive } from './open-archive.js';

/** What has been copied of a month; a successor goes on behind it. */
export interface CopyMemo {
  readonly dictionary: DictionaryEntry | null;
  readonly segments: readonly SegmentEntry[];
}

/** What is copied, and where to. */
export interface CopyTask {
  readonly source: MonthSource;
  readonly month: MonthYear;
  readonly archive: OpenArchive;
  /** Beginning of the keys of all that is written; nobody else may write there. */
  readonly folder: string;
  /** Records that there are, as far as it is known. */
  readonly expected: number;
  /** Default that of the format. */
  readonly segmentBytes?: number;
  report(state: ProgressState): void;
}

/**
 * Copies those records of a month into segments that no segment of the memo has, and gives the memo anew after each object
 * that is stored whole. It may be stopped anywhere: what is in no memo then is nobody's. Memory does not grow with the
 * month.
 * @throws ArchiveFault; JobFailed; what the driver throws.
 */
export async function* copyMonth(task: CopyTask, begun: CopyMemo | undefined): AsyncGenerator<CopyMemo> {
  const { archive, month, folder, segmentBytes } = task;
  const { dictionary, content } = begun ? await knownDictionary(task, begun) : await newDictionary(task);
  let memo: CopyMemo = { dictionary, segments: begun?.segments ?? [] };
  yield memo;
  const segments = writeSegments(restOf(task, memo), {
    ...archive,
    month,
    keyOf: (index) => `${folder}${String(index).padStart(5, '0')}.segment`,
    dictionary: dictionary && content ? { content, sha256: dictionary.contentSha256 } : undefined,
    ...(segmentBytes === undefined ? {} : { segmentBytes }),
  });
  for await (const segment of segments) {
    memo = { ...memo, segments: [...memo.segments, segment] };
    yield memo;
  }
}

interface KnownDictionary {
  readonly dictionary: DictionaryEntry | null;
  readonly content?: Buffer;
}

/** Below this a dictionary takes more than it saves. */
const worthADictionary = 10_000;

/** Lines that a dictionary is made of. */
const sampleSize = 400;

async function newDictionary(task: CopyTask): Promise<KnownDictionary> {
  const { source, month, archive, folder, expected } = task;
  if (expected < worthADictionary) return { dictionary: null };
  const lines: string[] = [];
  for await (const record of source.sample(sampleSize)) lines.push(canonicalLine(record));
  const content = buildDictionary(lines);
  if (!content) return { dictionary: null };
  return { dictionary: await writeDictionary(content, { ...archive, month, key: `${folder}dictionary` }), content };
}

async function knownDictionary({ archive, month }: CopyTask, { dictionary }: CopyMemo): Promise<KnownDictionary> {
  return dictionary ? { dictionary, content: await readDictionary(archive, month, dictionary) } : { dictionary };
}

async function* restOf({ source, expected, report }: CopyTask, memo: CopyMemo) {
  let done = memo.segments.reduce((sum, { records }) => sum + records, 0);
  for await (const batch of source.batches(memo.segments.at(-1)?.last)) {
    yield batch;
    report({ done: (done += batch.length), total: expected, unit: 'records' });
  }
}
