import type { MonthDocument } from '@parlance/storage';
import type { MonthSight } from '../months/month-rows.js';
import type { ChatMonth, ChatMonthArchive, ChatMonthCondition, ChatMonthStatus } from './chat-month.js';

/** The Kubernetes object of a month. `instance` tells the installations of a namespace apart. Pure. */
export function chatMonthOf({ entry, documents, bytes, shards, leftBytes }: MonthSight, instance: string): ChatMonth {
  const { monthYear, state, tier, epoch, counts, sealedAt, verifiedAt, foldedThrough, archive, work } = entry;
  return {
    apiVersion: 'parlance.dev/v1alpha1',
    kind: 'ChatMonth',
    metadata: {
      name: `${instance}-${monthYear}`,
      labels: {
        'app.kubernetes.io/instance': instance,
        'app.kubernetes.io/managed-by': 'parlance-jobs',
        'app.kubernetes.io/part-of': 'parlance',
        'parlance.dev/state': state,
        'parlance.dev/tier': tier,
      },
    },
    spec: { month: monthYear },
    status: {
      state,
      tier,
      epoch,
      messages: counts ? Number(counts.messages) : documents,
      ...(counts && { rooms: Number(counts.rooms), voids: Number(counts.voids) }),
      bytes,
      leftBytes,
      shards,
      ...(shards.length > 0 && { shardList: shards.join(',') }),
      ...(sealedAt && { sealedAt: time(sealedAt) }),
      ...(verifiedAt && { verifiedAt: time(verifiedAt) }),
      ...(foldedThrough && { foldedThrough: time(foldedThrough) }),
      ...(archive && { archive: archiveOf(archive) }),
      ...(work && { work: { job: work.job, step: work.step, startedAt: time(work.startedAt) } }),
      conditions: conditionsOf(entry),
    },
  };
}

/** Steps of the last job, told as Events too: those of the month that a status written before does not have. Pure. */
export function newSteps(
  entry: MonthDocument,
  before: Partial<ChatMonthStatus> | undefined,
): readonly ChatMonthCondition[] {
  const told = new Set((before?.conditions ?? []).map(keyOf));
  return stepsOf(entry).filter((step) => !told.has(keyOf(step)));
}

/** What the type of a step's condition begins with. */
const stepPrefix = 'step.parlance.dev/';

function keyOf({ type, lastTransitionTime }: ChatMonthCondition): string {
  // Kubernetes keeps the text as it was written; an instant is compared all the same.
  return `${type} ${Date.parse(lastTransitionTime)}`;
}

function archiveOf(archive: NonNullable<MonthDocument['archive']>): ChatMonthArchive {
  const { manifest, manifestVersion, rootHash, messages, bytes, flippedAt, deleteFrom, droppedAt } = archive;
  return {
    object: manifest,
    version: manifestVersion,
    rootHash,
    messages: Number(messages),
    bytes: Number(bytes),
    ...(flippedAt && { flippedAt: time(flippedAt) }),
    ...(deleteFrom && { deleteFrom: time(deleteFrom) }),
    ...(droppedAt && { droppedAt: time(droppedAt) }),
  };
}

function conditionsOf(entry: MonthDocument): readonly ChatMonthCondition[] {
  const { state, work, sealedAt, verifiedAt, archive, _id } = entry;
  const registeredAt = _id.getTimestamp();
  const since = (at: Date | undefined): string => time(at ?? registeredAt);
  return [
    state === 'OPEN'
      ? condition('Sealed', 'False', 'Open', 'it takes messages', since(undefined))
      : condition('Sealed', 'True', 'Sealed', 'it takes no messages any more', since(sealedAt)),
    verifiedAt
      ? condition('Verified', 'True', 'FoundRight', 'place, counts and hashes were found right', since(verifiedAt))
      : condition('Verified', 'Unknown', 'NeverVerified', 'jobs verify has not seen it', since(undefined)),
    state === 'ARCHIVED'
      ? condition('Archived', 'True', 'ReadFromArchive', archivedNote(archive), since(archive?.flippedAt))
      : condition('Archived', 'False', 'ReadFromMongoDB', 'readers read its collection', since(undefined)),
    work
      ? condition('Progressing', 'True', pascal(work.job), `${work.job} is at ${work.step}`, since(work.startedAt))
      : condition('Progressing', 'False', 'Idle', 'no job is at it', since(entry.steps?.at(-1)?.at)),
    ...stepsOf(entry),
  ];
}

function archivedNote(archive: MonthDocument['archive']): string {
  if (archive?.droppedAt) return 'its collection was dropped';
  if (archive?.deleteFrom) return `its collection may be dropped from ${time(archive.deleteFrom)}`;
  return 'readers read its archive';
}

/** Each step that was begun; the one that is under way, or that a job died in, is not known to be done. */
function stepsOf({ steps = [], work }: MonthDocument): readonly ChatMonthCondition[] {
  return steps.map(({ step, what, reason, at }) =>
    condition(
      `${stepPrefix}${step}`,
      work?.step === step ? 'Unknown' : 'True',
      pascal(step),
      `${what}, because ${reason}`,
      time(at),
    ),
  );
}

function condition(
  type: string,
  status: ChatMonthCondition['status'],
  reason: string,
  message: string,
  lastTransitionTime: string,
): ChatMonthCondition {
  return { type, status, reason, message, lastTransitionTime };
}

/** `migrate-tiers` and `moveZone` as reasons are written: `MigrateTiers`, `MoveZone`. */
function pascal(name: string): string {
  const text = name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
  return /^[A-Z]/.test(text) ? text : `Step${text}`;
}

/** RFC 3339 in whole seconds, the only form that `metav1.Time` keeps. */
function time(at: Date): string {
  return at.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
