import type { Document } from 'mongodb';
import type { ChatDatabase } from '../database/chat-database.js';
import { durable, majority } from '../database/command-options.js';
import type { MonthYear } from '../documents/month.js';
import type { MonthDocument, MonthState, MonthWork } from '../documents/month-document.js';
import { inTime } from '../rooms/empty-rooms.js';

/** States that may become another one. A job that finds the wanted state has been there before. */
const before: Readonly<Record<MonthState, readonly MonthState[]>> = {
  OPEN: ['OPEN'],
  SEALED: ['OPEN', 'SEALED', 'ARCHIVED'],
  ARCHIVED: ['SEALED', 'ARCHIVED'],
};

/** The right to change a month, until somebody else claims it. */
export interface MonthClaim {
  readonly month: MonthYear;
  readonly epoch: number;
  /** Stands in `work.run`. */
  readonly run: string;
}

/** What is done next, for people and for a successor. */
export interface StepNote {
  /** Its name in the job: `moveZone`. */
  readonly step: string;
  readonly what: string;
  readonly reason: string;
  /** Replaces what a successor has to know, if given. */
  readonly memo?: Readonly<Record<string, unknown>>;
}

/** What a job may change about a month. `undefined` takes a fact away. */
export type MonthChange = {
  readonly [Fact in MonthFact]?: MonthDocument[Fact] | undefined;
};

type MonthFact =
  | 'state'
  | 'tier'
  | 'collectionUUID'
  | 'counts'
  | 'sealedAt'
  | 'digest'
  | 'verifiedAt'
  | 'foldedThrough'
  | 'archive';

/**
 * Claims a month for a job by compare-and-swap on the epoch that was read: `epoch` goes up by one, `work` says who has it.
 * Answers undefined when the month was changed since, and the job has to decide anew. It takes the month from whoever has
 * it: the lease says that no other job is at work, and what one that has lost it still sends finds another epoch. `memo`
 * and steps of a dead run of the same job stay, the memo unless the note has another. Rejects when MongoDB does not answer.
 */
export async function claimMonth(
  database: ChatDatabase,
  read: Pick<MonthDocument, 'monthYear' | 'epoch'>,
  { run, job }: Pick<MonthWork, 'run' | 'job'>,
  note: StepNote,
): Promise<MonthClaim | undefined> {
  const claim = { month: read.monthYear, epoch: read.epoch + 1, run };
  const goesOn = { $eq: ['$work.job', literal(job)] };
  const kept = { $cond: [goesOn, { $ifNull: ['$work.memo', literal({})] }, literal({})] };
  const work = whole({
    run,
    job: literal(job),
    step: literal(note.step),
    startedAt: '$$NOW',
    memo: note.memo ? literal(note.memo) : kept,
  });
  const steps = { $cond: [goesOn, withStep(note), [stepOf(note)]] };
  const { matchedCount } = await database.months.updateOne(
    { monthYear: read.monthYear, epoch: read.epoch },
    [{ $set: { epoch: claim.epoch, steps, work } }],
    durable(),
  );
  return matchedCount === 1 ? claim : undefined;
}

/**
 * Notes the step that a claim is about to take, with what it changes about the month in the same write. Answers `false`
 * when the claim is lost or the month is not in a state that may become the wanted one: whoever gets it does nothing more
 * to the month. Repeating it changes nothing. Rejects when MongoDB does not answer; the step may be noted then.
 *
 * @param before The write does nothing, and `false` is answered, from this time of MongoDB's clock on.
 */
export async function stepMonth(
  database: ChatDatabase,
  claim: MonthClaim,
  note: StepNote,
  change: MonthChange = {},
  before?: Date,
): Promise<boolean> {
  const memo = note.memo ? { 'work.memo': literal(note.memo) } : {};
  const update: Document[] = [
    { $set: { ...facts(change), steps: withStep(note), 'work.step': literal(note.step), ...memo } },
  ];
  return await changeClaimed(database, claim, change, [...update, ...removal(change)], before);
}

/**
 * Ends the work on a month, with the last changes to it in the same write. Answers `false` when the claim was lost and
 * nothing was changed. `steps` stay. Rejects when MongoDB does not answer.
 */
export async function releaseMonth(
  database: ChatDatabase,
  claim: MonthClaim,
  change: MonthChange = {},
): Promise<boolean> {
  const update: Document[] = Object.keys(facts(change)).length > 0 ? [{ $set: facts(change) }] : [];
  return await changeClaimed(database, claim, change, [...update, ...removal(change), { $unset: 'work' }]);
}

/** Whether a claim still stands; asked before what cannot be fenced by the write itself, such as a move or a drop. */
export async function holdsMonth(database: ChatDatabase, { month, epoch, run }: MonthClaim): Promise<boolean> {
  const entry = await database.months.findOne({ monthYear: month, epoch, 'work.run': run }, majority());
  return entry !== null;
}

async function changeClaimed(
  database: ChatDatabase,
  { month, epoch, run }: MonthClaim,
  { state }: MonthChange,
  update: Document[],
  endsAt?: Date,
): Promise<boolean> {
  const allowed = state ? { state: { $in: before[state] } } : {};
  const { matchedCount } = await database.months.updateOne(
    { monthYear: month, epoch, 'work.run': run, ...allowed, ...(endsAt && inTime(endsAt)) },
    update,
    durable(),
  );
  return matchedCount === 1;
}

function facts(change: MonthChange): Document {
  const kept = Object.entries(change).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept.map(([fact, value]) => [fact, literal(value)]));
}

function removal(change: MonthChange): Document[] {
  const gone = Object.entries(change).flatMap(([fact, value]) => (value === undefined ? [fact] : []));
  return gone.length > 0 ? [{ $unset: gone }] : [];
}

/** The steps that stand, with this one at the end and once. */
function withStep(note: StepNote): Document {
  const others = {
    $filter: { input: { $ifNull: ['$steps', []] }, cond: { $ne: ['$$this.step', literal(note.step)] } },
  };
  return { $concatArrays: [others, [stepOf(note)]] };
}

function stepOf({ step, what, reason }: StepNote): Document {
  return { step: literal(step), what: literal(what), reason: literal(reason), at: '$$NOW' };
}

/** A value that is never read as an expression. */
function literal(value: unknown): Document {
  return { $literal: value };
}

/** A document in place of the one that stands there; `$set` by itself would merge the two. */
function whole(document: Document): Document {
  return { $mergeObjects: [document] };
}
