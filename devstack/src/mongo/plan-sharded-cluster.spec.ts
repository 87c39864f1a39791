import { expect, test } from 'vitest';
import { planShardedCluster, serverNames } from './plan-sharded-cluster.js';

const shards = { hot: 2, warm: 1, cold: 1 };
const single = { hot: 1, warm: 1, cold: 1 } as const;

test('single servers carry the name of their shard', () => {
  const plan = planShardedCluster({ shards, shardReplicas: single, configReplicas: 1 });
  expect(serverNames(plan)).toEqual([
    'mongo-config',
    'mongo-hot-1',
    'mongo-hot-2',
    'mongo-warm-1',
    'mongo-cold-1',
    'mongo-router',
  ]);
  expect(plan.shards.map(({ name, tier }) => `${tier} ${name}`)).toEqual([
    'hot hot-1',
    'hot hot-2',
    'warm warm-1',
    'cold cold-1',
  ]);
});

test('members of larger sets are numbered', () => {
  const plan = planShardedCluster({ shards, shardReplicas: { ...single, hot: 3 }, configReplicas: 3 });
  expect(serverNames(plan)).toHaveLength(3 + 6 + 2 + 1);
  expect(plan.config.nodes).toEqual(['mongo-config-1', 'mongo-config-2', 'mongo-config-3']);
  expect(plan.shards[0]?.nodes[2]).toBe('mongo-hot-1-3');
});
