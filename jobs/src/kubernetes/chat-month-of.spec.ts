import { readFileSync } from 'node:fs';
import { loadYaml } from '@kubernetes/client-node';
import type { MonthDocument, MonthYear } from '@parlance/storage';
import fc from 'fast-check';
import { Long, ObjectId, UUID } from 'mongodb';
import { expect, test } from 'vitest';
import { chatMonthOf, newSteps } from './chat-month-of.js';

const at = (day: number): Date => new Date(Date.UTC(2026, 9, day, 3, 0, 0, 250));
const open: MonthDocument = {
  _id: ObjectId.createFromTime(Date.UTC(2026, 7, 20) / 1_000),
  monthYear: '2026-10' as MonthYear,
  state: 'OPEN',
  tier: 'hot',
  epoch: 1,
};
const moved: MonthDocument = {
  ...open,
  state: 'ARCHIVED',
  tier: 'archive',
  epoch: 7,
  sealedAt: at(2),
  verifiedAt: at(9),
  counts: { messages: Long.fromNumber(120_000), rooms: Long.fromNumber(300), voids: Long.fromNumber(0) },
  archive: {
    manifest: '2026-10/manifest-2.json',
    manifestVersion: 2,
    rootHash: 'ab',
    messages: Long.fromNumber(120_000),
    bytes: Long.fromNumber(3_000_000),
    flippedAt: at(8),
    deleteFrom: at(9),
  },
  work: { run: 'r', job: 'archive-months', step: 'drop', startedAt: at(7), memo: {} },
  steps: [
    { step: 'copy', what: 'copy 120,000 messages', reason: 'it is 13 months old', at: at(7) },
    { step: 'drop', what: 'drop its collection', reason: 'no reader can be in it since yesterday', at: at(9) },
  ],
};
const sight = (entry: MonthDocument) => ({
  entry,
  documents: 7,
  bytes: 9_000_000,
  shards: ['cold-1', 'hot-1'],
  leftBytes: 4_096,
});
const conditionsOf = (entry: MonthDocument) =>
  new Map(chatMonthOf(sight(entry), 'chat').status.conditions.map((each) => [each.type, each]));

test('an open month shows what is known of it and nothing else', () => {
  expect(chatMonthOf({ ...sight(open), shards: [] }, 'chat')).toMatchObject({
    metadata: { name: 'chat-2026-10', labels: { 'parlance.dev/tier': 'hot', 'parlance.dev/state': 'OPEN' } },
    spec: { month: '2026-10' },
    status: { state: 'OPEN', tier: 'hot', epoch: 1, messages: 7, bytes: 9_000_000, leftBytes: 4_096, shards: [] },
  });
  const { status } = chatMonthOf({ ...sight(open), shards: [] }, 'chat');
  expect(Object.keys(status).toSorted()).toEqual([
    'bytes',
    'conditions',
    'epoch',
    'leftBytes',
    'messages',
    'shards',
    'state',
    'tier',
  ]);
});

test('an archived month shows its counts, its place and its archive', () => {
  expect(chatMonthOf(sight(moved), 'chat').status).toMatchObject({
    messages: 120_000,
    rooms: 300,
    shardList: 'cold-1,hot-1',
    sealedAt: '2026-10-02T03:00:00Z',
    archive: { object: '2026-10/manifest-2.json', bytes: 3_000_000, deleteFrom: '2026-10-09T03:00:00Z' },
    work: { job: 'archive-months', step: 'drop' },
  });
});

test('the step that a job is at is not known to be done, those before it are', () => {
  const conditions = conditionsOf(moved);
  expect([...conditions.keys()]).toEqual([
    'Sealed',
    'Verified',
    'Archived',
    'Progressing',
    'step.parlance.dev/copy',
    'step.parlance.dev/drop',
  ]);
  expect(conditions.get('Progressing')).toMatchObject({ status: 'True', reason: 'ArchiveMonths' });
  expect(conditions.get('step.parlance.dev/copy')).toMatchObject({
    status: 'True',
    reason: 'Copy',
    message: 'copy 120,000 messages, because it is 13 months old',
  });
  expect(conditions.get('step.parlance.dev/drop')).toMatchObject({ status: 'Unknown' });
  const { work: _, ...done } = moved;
  expect(conditionsOf(done).get('step.parlance.dev/drop')).toMatchObject({ status: 'True' });
  expect(conditionsOf(done).get('Progressing')).toMatchObject({ status: 'False', reason: 'Idle' });
});

test('only steps that were not told before are new', () => {
  const { status } = chatMonthOf(sight(moved), 'chat');
  expect(newSteps(moved, undefined)).toHaveLength(2);
  expect(newSteps(moved, status)).toEqual([]);
  const again = { step: 'copy', what: 'copy again', reason: 'it was restored', at: at(20) };
  expect(newSteps({ ...moved, steps: [again] }, status)).toMatchObject([
    { message: 'copy again, because it was restored' },
  ]);
});

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  /** `enum`, under the name that loadYaml of Kubernetes' client gives it. */
  readonly _enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maxLength?: number;
}

const definition = loadYaml<{ spec: { versions: { schema: { openAPIV3Schema: Schema } }[] } }>(
  readFileSync(new URL('../../../k8s/crds/chatmonths.parlance.dev.yaml', import.meta.url), 'utf8'),
);
const schema = definition.spec.versions[0]?.schema.openAPIV3Schema as Schema;

/** What of a value the definition does not take, as `path: why`; a field that it does not name would be dropped silently. */
function faults(value: unknown, { type, ...rules }: Schema, path = ''): string[] {
  if (type === 'object' && rules.properties === undefined) return [];
  if (type === 'object') {
    const fields = Object.entries(value as Record<string, unknown>);
    const missing = (rules.required ?? []).filter((name) => !fields.some(([key]) => key === name));
    return [
      ...missing.map((name) => `${path}.${name}: missing`),
      ...fields.flatMap(([name, inner]) => {
        const known = rules.properties?.[name];
        return known ? faults(inner, known, `${path}.${name}`) : [`${path}.${name}: not in the definition`];
      }),
    ];
  }
  if (type === 'array')
    return (value as unknown[]).flatMap((each, index) => faults(each, rules.items ?? {}, `${path}[${index}]`));
  const isRight =
    (type === 'integer'
      ? Number.isSafeInteger(value) && Number(value) >= (rules.minimum ?? 0)
      : typeof value === type) &&
    (rules._enum?.includes(value) ?? true) &&
    new RegExp(rules.pattern ?? '').test(String(value)) &&
    String(value).length <= (rules.maxLength ?? Number.POSITIVE_INFINITY) &&
    (rules.format !== 'date-time' || !Number.isNaN(Date.parse(String(value))));
  return isRight ? [] : [`${path}: ${String(value)}`];
}

test('the definition is structural: every field of it has a type', () => {
  const untyped = ({ type, properties = {}, items }: Schema, path: string): string[] => [
    ...(type === undefined ? [path] : []),
    ...Object.entries(properties).flatMap(([name, inner]) => untyped(inner, `${path}.${name}`)),
    ...(items ? untyped(items, `${path}[]`) : []),
  ];
  expect(untyped(schema, '')).toEqual([]);
});

const count = fc.nat().map((value) => Long.fromNumber(value));
const date = fc.date({ min: new Date('2020-01-01'), max: new Date('2099-01-01'), noInvalidDate: true });
const name = fc.stringMatching(/^[a-z][A-Za-z0-9-]{0,20}[a-z0-9]$/);
const anyMonth: fc.Arbitrary<MonthDocument> = fc.record(
  {
    _id: fc.constant(open._id),
    monthYear: fc.constantFrom('2026-10' as MonthYear, '2027-01' as MonthYear),
    state: fc.constantFrom('OPEN', 'SEALED', 'ARCHIVED'),
    tier: fc.constantFrom('hot', 'warm', 'cold', 'archive'),
    epoch: fc.nat(),
    collectionUUID: fc.constant(new UUID()),
    sealedAt: date,
    verifiedAt: date,
    foldedThrough: date,
    counts: fc.record({ messages: count, rooms: count, voids: count }),
    archive: fc.record(
      {
        manifest: fc.string(),
        manifestVersion: fc.nat(),
        rootHash: fc.string(),
        messages: count,
        bytes: count,
        flippedAt: date,
        deleteFrom: date,
        droppedAt: date,
      },
      { requiredKeys: ['manifest', 'manifestVersion', 'rootHash', 'messages', 'bytes'] },
    ),
    work: fc.record({ run: name, job: name, step: name, startedAt: date, memo: fc.constant({}) }),
    steps: fc.uniqueArray(fc.record({ step: name, what: fc.string(), reason: fc.string(), at: date }), {
      selector: ({ step }) => step,
    }),
  },
  { requiredKeys: ['_id', 'monthYear', 'state', 'tier', 'epoch'] },
);

test('whatever a month is, its object is as the definition takes it, and the same each time', () => {
  fc.assert(
    fc.property(anyMonth, fc.nat(), fc.uniqueArray(name), (entry, bytes, shards) => {
      const month = { entry, documents: 1, bytes, shards, leftBytes: 0 };
      const object = chatMonthOf(month, 'chat');
      expect(faults(object, schema)).toEqual([]);
      expect(chatMonthOf(month, 'chat')).toEqual(object);
      const types = object.status.conditions.map(({ type }) => type);
      expect(new Set(types).size).toBe(types.length);
      expect(newSteps(entry, object.status)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('the check itself finds what the definition does not take', () => {
  const { status } = chatMonthOf(sight(moved), 'chat');
  const bad = { spec: { month: '2026-13' }, status: { ...status, tier: 'lukewarm', extra: 1, epoch: 1.5 } };
  expect(faults(bad, schema).toSorted()).toEqual([
    '.spec.month: 2026-13',
    '.status.epoch: 1.5',
    '.status.extra: not in the definition',
    '.status.tier: lukewarm',
  ]);
});
