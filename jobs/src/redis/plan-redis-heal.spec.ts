import { expect, test } from 'vitest';
import type { ClusterNode, KnownNode, SlotRange } from './nodes/cluster-node.js';
import { planRedisHeal, redisLosses } from './plan-redis-heal.js';

const line = (id: string, more: Partial<KnownNode> = {}): KnownNode => ({
  id,
  ip: '10.0.0.1',
  port: 6379,
  busPort: 16_379,
  flags: [],
  masterId: undefined,
  configEpoch: 1,
  link: 'connected',
  slots: [],
  ...more,
});
const node = (id: string, known: readonly KnownNode[], more: Partial<ClusterNode> = {}): ClusterNode => ({
  name: id,
  ip: `10.0.1.${id}`,
  port: 6379,
  busPort: 16_379,
  id,
  version: '7.0.15',
  keys: 5,
  state: 'ok',
  following: true,
  known,
  ...more,
});

const ranges: readonly SlotRange[] = [[0, 5460], [5461, 10_921], [10_922, 16_383]]; // biome-ignore format: a list of pairs
const lines = (link: KnownNode['link']): KnownNode[] => [
  ...ranges.map((range, index) => line(`m${index}`, { slots: [range], link })),
  ...ranges.map((_, index) => line(`r${index}`, { masterId: `m${index}`, link })),
];
/** Six nodes whose links to each other are all there, or all gone. */
const six = (link: KnownNode['link']): ClusterNode[] =>
  lines(link).map(({ id }) =>
    node(
      id,
      lines(link).map((each) => (each.id === id ? { ...each, link: 'connected' } : each)),
      {
        // biome-ignore format: one node
        state: link === 'connected' ? 'ok' : 'fail',
      },
    ),
  );

test('after a change of all addresses everybody meets everybody, and nothing else is done', () => {
  const plan = planRedisHeal(six('disconnected'));
  expect(plan).toMatchObject({ verdict: 'run', steps: [{ kind: 'introduce' }, { kind: 'awaitHealthy' }] });
  if (plan.verdict !== 'run' || plan.steps[0]?.kind !== 'introduce') throw new Error('no introduction');
  expect(plan.steps[0].pairs).toHaveLength(30);
});

test.each(['fail?', 'fail'])('a link to where nobody answers is none, though it is called connected: %s', (flag) => {
  const gone = six('connected').map((each) => ({
    ...each,
    state: 'fail' as const,
    known: each.known.map((other) => (other.id === each.id ? other : { ...other, flags: [flag] })),
  }));
  const plan = planRedisHeal(gone);
  if (plan.verdict !== 'run' || plan.steps[0]?.kind !== 'introduce') throw new Error('no introduction');
  expect(plan.steps[0].pairs).toHaveLength(30);
});

test('a healthy cluster is left as it is', () => {
  expect(planRedisHeal(six('connected'))).toMatchObject({ verdict: 'nothing' });
  expect(redisLosses(six('connected'))).toEqual({ withoutOwner: [], absent: [] });
});

test('a node that came back without its disk becomes a replica of the master that has none', () => {
  const fresh = node('new', [line('new')], { keys: 0 });
  const nodes = [...six('connected').filter(({ id }) => id !== 'r1'), fresh];
  const plan = planRedisHeal(nodes);
  expect(plan).toMatchObject({
    verdict: 'run',
    steps: [{ kind: 'introduce' }, { kind: 'follow', replica: 'new', master: 'm1' }, { kind: 'awaitHealthy' }],
  });
  expect(redisLosses(nodes)).toMatchObject({ withoutOwner: [], absent: [{ id: 'r1' }] });
});

test('slots are without an owner when neither it nor a replica of it is there', () => {
  const withoutMaster = six('connected').filter(({ id }) => id !== 'm1');
  expect(redisLosses(withoutMaster)).toMatchObject({ withoutOwner: [], absent: [{ id: 'm1' }] });
  const withoutBoth = withoutMaster.filter(({ id }) => id !== 'r1');
  expect(redisLosses(withoutBoth)).toMatchObject({ withoutOwner: [ranges[1]] });
});

test('two clusters are never made one', () => {
  const other = node('z', [line('z', { slots: [[0, 16_383]] })]);
  expect(planRedisHeal([...six('connected'), other])).toMatchObject({
    verdict: 'refused',
    reason: expect.stringContaining('two clusters') as string,
  });
});

test('empty nodes are no cluster to heal', () => {
  const fresh = ['a', 'b'].map((id) => node(id, [line(id)], { keys: 0 }));
  expect(planRedisHeal(fresh)).toMatchObject({
    verdict: 'refused',
    reason: expect.stringContaining('redis-bootstrap') as string,
  });
});
