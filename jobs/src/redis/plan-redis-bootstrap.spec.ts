import { expect, test } from 'vitest';
import type { ClusterNode, KnownNode, SlotRange } from './nodes/cluster-node.js';
import { planRedisBootstrap } from './plan-redis-bootstrap.js';

interface Sketch {
  readonly id: string;
  readonly ip?: string;
  readonly slots?: readonly SlotRange[];
  readonly masterId?: string;
  readonly keys?: number;
  /** Ids of the others that it knows. */
  readonly knows?: readonly string[];
  readonly state?: 'ok' | 'fail';
}

const line = ({ id, ip = '', slots = [], masterId }: Sketch): KnownNode => ({
  id,
  ip,
  port: 6379,
  busPort: 16_379,
  flags: [],
  masterId,
  configEpoch: 0,
  link: 'connected',
  slots,
});

const node = (sketch: Sketch, all: readonly Sketch[] = []): ClusterNode => ({
  name: sketch.id,
  ip: sketch.ip ?? `10.0.0.${sketch.id}`,
  port: 6379,
  busPort: 16_379,
  id: sketch.id,
  version: '7.0.15',
  keys: sketch.keys ?? 0,
  state: sketch.state ?? 'ok',
  following: true,
  known: [line(sketch), ...(sketch.knows ?? []).map((id) => line(all.find((each) => each.id === id) ?? { id }))],
});

const ids = ['1', '2', '3', '4', '5', '6'];
const others = (id: string): string[] => ids.filter((each) => each !== id);
const complete: Sketch[] = ids.map((id, index) => ({
  id,
  knows: others(id),
  ...(index < 3
    ? { slots: [[[0, 5460], [5461, 10_921], [10_922, 16_383]][index] as unknown as SlotRange] } // biome-ignore format: a list of pairs
    : { masterId: ids[index - 3] as string }),
}));

const plan = (sketches: readonly Sketch[], masters = 3, replicas = 1) =>
  planRedisBootstrap({ nodes: sketches.map((each) => node(each, sketches)), masters, replicas });
const steps = (planned: ReturnType<typeof plan>) => (planned.verdict === 'run' ? planned.steps : []);
const kinds = (planned: ReturnType<typeof plan>) => steps(planned).map(({ kind }) => kind);

test('six empty nodes become three masters with a replica each', () => {
  const planned = steps(plan(ids.map((id) => ({ id }))));
  expect(planned).toMatchObject([
    { kind: 'giveSlots', node: '1', slots: [[0, 5460]], epoch: 1 },
    { kind: 'giveSlots', node: '2', slots: [[5461, 10_921]], epoch: 2 },
    { kind: 'giveSlots', node: '3', slots: [[10_922, 16_383]], epoch: 3 },
    { kind: 'introduce' },
    { kind: 'follow', replica: '4', master: '1' },
    { kind: 'follow', replica: '5', master: '2' },
    { kind: 'follow', replica: '6', master: '3' },
    { kind: 'awaitHealthy' },
  ]);
  expect(planned.every(({ reason }) => reason.length > 10)).toBe(true);
});

test('masters are spread over hosts, and no replica stands beside its master where it can stand elsewhere', () => {
  const hosts = ['a', 'a', 'b', 'b', 'c', 'c'];
  const sketches = ids.map((id, index) => ({ id, ip: hosts[index] as string }));
  const hostOf = new Map(sketches.map(({ id, ip }) => [id, ip]));
  const planned = steps(plan(sketches));
  const masters = planned.flatMap((step) => (step.kind === 'giveSlots' ? [hostOf.get(step.node)] : []));
  expect(new Set(masters)).toEqual(new Set(['a', 'b', 'c']));
  const follows = planned.filter((step) => step.kind === 'follow');
  expect(follows).toHaveLength(3);
  for (const { replica, master } of follows) expect(hostOf.get(replica)).not.toBe(hostOf.get(master));
});

test('a formed cluster is left as it is, and a formed one that does not say so yet is waited for', () => {
  expect(plan(complete)).toMatchObject({ verdict: 'nothing', reason: expect.stringContaining('16384') as string });
  expect(kinds(plan(complete.map((each) => ({ ...each, state: 'fail' as const }))))).toEqual(['awaitHealthy']);
});

test.each([
  [
    'two of three masters have their slots',
    [0, 2],
    ['giveSlots', 'introduce', 'follow', 'follow', 'follow', 'awaitHealthy'],
  ],
  ['all masters have them', [0, 1, 2], ['introduce', 'follow', 'follow', 'follow', 'awaitHealthy']],
])('a run that was cut off when %s is finished', (_, done, expected) => {
  const cut = ids.map((id, index) => ({ id, ...(done.includes(index) && { slots: complete[index]?.slots ?? [] }) }));
  const planned = plan(cut);
  expect(kinds(planned)).toEqual(expected);
});

test('the master that a run did not come to gets the slots that are left', () => {
  const cut = ids.map((id, index) => ({ id, ...([0, 2].includes(index) && { slots: complete[index]?.slots ?? [] }) }));
  expect(steps(plan(cut))[0]).toMatchObject({ kind: 'giveSlots', node: '2', slots: [[5461, 10_921]] });
});

test('a run that was cut off among the replicas leaves those that follow', () => {
  const cut = complete.map((each) => (each.id === '5' ? { id: '5', knows: others('5') } : each));
  expect(steps(plan(cut))).toMatchObject([{ kind: 'follow', replica: '5', master: '2' }, { kind: 'awaitHealthy' }]);
});

test.each<[string, readonly Sketch[], string]>([
  ['five nodes', complete.slice(0, 5), '6 nodes, and the addresses lead to 5'],
  ['a node of another cluster', [{ id: '1', knows: ['x'] }, ...ids.slice(1).map((id) => ({ id }))], 'another cluster'],
  ['a node with keys', [{ id: '1', keys: 7 }, ...ids.slice(1).map((id) => ({ id }))], 'holds 7 keys'],
  [
    'a master of some slots with keys',
    [{ id: '1', keys: 7, slots: [[0, 5460]] }, ...ids.slice(1).map((id) => ({ id }))],
    'holds 7 keys',
  ],
  [
    'two nodes with the same slots',
    [{ id: '1', slots: [[0, 16_383]] }, { id: '2', slots: [[0, 5460]] }, ...ids.slice(2).map((id) => ({ id }))],
    'two clusters',
  ],
  [
    'one node with all slots',
    [{ id: '1', slots: [[0, 16_383]] }, ...ids.slice(1).map((id) => ({ id }))],
    '1 masters share the slots already, not 3',
  ],
  [
    'slots that were lost',
    complete.map((each) => (each.id === '2' ? { ...each, slots: [[5461, 9_000]] } : each)),
    '9001-10921 have no owner',
  ],
])('%s is refused', (_, sketches, reason) => {
  expect(plan(sketches)).toMatchObject({ verdict: 'refused', reason: expect.stringContaining(reason) as string });
});
