import { expect, it } from 'vitest';
import { clusterTopology } from './cluster-topology.js';
import { type BootstrapInventory, planBootstrap, type SetState } from './plan-bootstrap.js';

const topology = clusterTopology().parse(
  JSON.stringify({
    config: { name: 'config', members: ['c:1'] },
    shards: [
      { name: 'hot-1', zone: 'hot', members: ['h:1', 'h:2'] },
      { name: 'cold-1', zone: 'cold', members: ['k:1'] },
    ],
  }),
);
const formed = (name: string, ...members: string[]): [string, SetState] => [name, { kind: 'formed', name, members }];
const sets = new Map([formed('config', 'c:1'), formed('hot-1', 'h:2', 'h:1'), formed('cold-1', 'k:1')]);
const shards = [
  { id: 'hot-1', host: 'hot-1/h:1,h:2', zones: ['hot'] },
  { id: 'cold-1', host: 'cold-1/k:1', zones: ['cold'] },
];
const whole: BootstrapInventory = {
  topology,
  sets,
  user: 'me',
  knownIn: new Set(['config', 'hot-1', 'cold-1']),
  servicesUser: undefined,
  shards,
  database: { name: 'chat', exists: true },
};
const kinds = (inventory: BootstrapInventory): string[] => {
  const plan = planBootstrap(inventory);
  return plan.verdict === 'run' ? plan.steps.map(({ kind }) => kind) : [plan.verdict];
};

it('makes everything of servers that know nothing, in the order in which it can be made', () => {
  const fresh = new Map([...sets.keys()].map((name): [string, SetState] => [name, { kind: 'fresh' }]));
  const nothing = {
    ...whole,
    sets: fresh,
    knownIn: new Set<string>(),
    shards: undefined,
    database: { name: 'chat', exists: false },
  };
  const each = (kind: string, times: number) => Array.from({ length: times }, () => kind);
  expect(kinds(nothing)).toEqual([
    ...each('initiate', 3),
    ...each('user', 3),
    'addShard',
    'zone',
    'addShard',
    'zone',
    'database',
    'collections',
  ]);
});

it('makes only what is missing', () => {
  expect(kinds(whole)).toEqual(['collections']);
  expect(kinds({ ...whole, user: undefined, knownIn: new Set() })).toEqual(['collections']);
  const bare = shards.map((shard) => ({ ...shard, zones: [] }));
  expect(kinds({ ...whole, shards: bare })).toEqual(['zone', 'zone', 'collections']);
});

it('makes the user of the services where the router looks for it, after those of the sets, and once', () => {
  const services = { name: 'chat', isKnown: false };
  const plan = planBootstrap({ ...whole, knownIn: new Set(['hot-1', 'cold-1']), servicesUser: services });
  expect(plan.verdict === 'run' && plan.steps.map(({ what }) => what)).toEqual([
    'create the user me in config',
    'create the user chat in config',
    expect.stringContaining('collections'),
  ]);
  expect(kinds({ ...whole, servicesUser: { ...services, isKnown: true } })).toEqual(['collections']);
});

it.each<[string, Partial<BootstrapInventory>, string]>([
  [
    'does not answer',
    { sets: new Map([...sets, ['cold-1', { kind: 'away', reason: 'ECONNREFUSED' }]]) },
    'no member of cold-1 answers: ECONNREFUSED',
  ],
  [
    'has other members',
    { sets: new Map([...sets, formed('cold-1', 'k:2')]) },
    'cold-1 has the members k:2 and the topology says k:1',
  ],
  [
    'has another name',
    { sets: new Map([...sets, ['cold-1', { kind: 'formed', name: 'other', members: ['k:1'] }]]) },
    'of the name other',
  ],
  ['has another address', { shards: [{ id: 'hot-1', host: 'hot-1/x:1', zones: [] }] }, 'knows hot-1 as hot-1/x:1'],
])('refuses a set that %s, and changes nothing', (_, more, reason) => {
  expect(planBootstrap({ ...whole, ...more })).toEqual({
    verdict: 'refused',
    reason: expect.stringContaining(reason) as string,
  });
});

it.each([
  ['{', 'is not JSON'],
  [
    '{"config": {"name": "c", "members": ["a:1"]}, "shards": [{"name": "w", "zone": "warm", "members": ["b:1"]}]}',
    'zone hot',
  ],
  [
    '{"config": {"name": "c", "members": ["a:1"]}, "shards": [{"name": "h", "zone": "hot", "members": ["a:1"]}]}',
    'a:1 stands there twice',
  ],
  [
    '{"config": {"name": "c", "members": ["a"]}, "shards": [{"name": "h", "zone": "hot", "members": ["b:1"]}]}',
    'host:port',
  ],
])('refuses the topology %s', (text, message) => {
  const read = clusterTopology().safeParse(text);
  expect(read.success ? '' : read.error.message).toContain(message);
});
