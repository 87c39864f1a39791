import { expect, test } from 'vitest';
import type { ClusterNodeView, KnownNode } from './cluster-node-view.js';
import { CLUSTER_SLOTS, planCluster, slotRanges } from './plan-cluster.js';

const node = (id: string, slots = 0): KnownNode => ({
  id,
  address: '127.0.0.1:1',
  flags: [],
  masterId: undefined,
  linkState: 'connected',
  slots,
});
const view = (id: string, known: readonly KnownNode[]): ClusterNodeView => ({ id, known });
const complete = [node('a', 8192), node('b', 8192), node('c')];

test('new nodes are formed into a cluster', () => {
  expect(planCluster([view('a', [node('a')]), view('b', [node('b')])]).action).toBe('form');
});

test('nodes that remember exactly each other and all slots are healed', () => {
  expect(planCluster(['a', 'b', 'c'].map((id) => view(id, complete))).action).toBe('heal');
});

test.each([
  ['a node that knows nobody', [view('a', complete), view('b', complete), view('c', [node('c')])], 'knows 1 of 3'],
  [
    'slots that nobody serves',
    ['a', 'b', 'c'].map((id) => view(id, [node('a', 8192), node('b', 1), node('c')])),
    '8193 of 16384',
  ],
  ['a node that does not run now', ['a', 'b'].map((id) => view(id, complete)), '1 nodes that do not run'],
] as const)('%s means a reset', (_, views, reason) => {
  const plan = planCluster(views);
  expect(plan.action).toBe('reset');
  expect(plan.reason).toContain(reason);
});

test.each([1, 3, 5])('%i masters share all slots without a gap', (masters) => {
  const ranges = slotRanges(masters);
  expect(ranges[0]?.[0]).toBe(0);
  expect(ranges.at(-1)?.[1]).toBe(CLUSTER_SLOTS - 1);
  expect(ranges.slice(1).map(([first]) => first)).toEqual(ranges.slice(0, -1).map(([, last]) => last + 1));
});
