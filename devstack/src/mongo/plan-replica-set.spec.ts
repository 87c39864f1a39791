import { expect, test } from 'vitest';
import { planReplicaSet, type ReplicaSetConfig } from './plan-replica-set.js';

const wanted = { name: 'rs0', hosts: ['127.0.0.1:1', '127.0.0.1:2', '127.0.0.1:3'], electionTimeoutMillis: 2_000 };
const initial = (): ReplicaSetConfig => {
  const plan = planReplicaSet(null, wanted);
  if (plan.action !== 'initiate') throw new Error(plan.reason);
  return { ...plan.config, version: 1 };
};

test('a new data folder is initiated with all members', () => {
  expect(initial().members).toEqual([
    { _id: 0, host: '127.0.0.1:1' },
    { _id: 1, host: '127.0.0.1:2' },
    { _id: 2, host: '127.0.0.1:3' },
  ]);
});

test('config servers say so from the first day', () => {
  const plan = planReplicaSet(null, { ...wanted, configsvr: true });
  expect(plan).toMatchObject({ action: 'initiate', config: { configsvr: true } });
});

test('the same members on the same addresses are kept', () => {
  expect(planReplicaSet(initial(), wanted).action).toBe('keep');
});

test('new addresses are a new version that keeps every other setting', () => {
  const stored = { ...initial(), settings: { ...initial().settings, chainingAllowed: true } };
  const plan = planReplicaSet(stored, { ...wanted, hosts: ['127.0.0.1:1', '127.0.0.1:9', '127.0.0.1:3'] });
  expect(plan).toMatchObject({
    action: 'reconfigure',
    reason: 'new addresses: 127.0.0.1:9',
    config: { version: 2, members: [{}, { _id: 1, host: '127.0.0.1:9' }, {}], settings: { chainingAllowed: true } },
  });
});

test('another election timeout is a new version, with heartbeats well within it', () => {
  const plan = planReplicaSet(initial(), { ...wanted, electionTimeoutMillis: 500 });
  expect(plan).toMatchObject({
    action: 'reconfigure',
    config: { settings: { electionTimeoutMillis: 500, heartbeatIntervalMillis: 100 } },
  });
});

test('a set may grow but not shrink', () => {
  const one = { ...wanted, hosts: wanted.hosts.slice(0, 1) };
  const single = { ...initial(), members: initial().members.slice(0, 1) };
  expect(planReplicaSet(single, wanted)).toMatchObject({ action: 'reconfigure', config: { members: [{}, {}, {}] } });
  expect(planReplicaSet(initial(), one).action).toBe('refuse');
});
