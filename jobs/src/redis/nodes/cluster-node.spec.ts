import { expect, test } from 'vitest';
import { parseClusterNodes } from './cluster-node.js';

test('every line is a node, and one of them is the node itself', () => {
  const { id, known } = parseClusterNodes(
    [
      '07c3 10.0.0.4:6379@16379,redis-4.redis slave e7d1 0 1426238317239 4 connected',
      '67ed 10.0.0.2:6379@16379 master,fail - 0 1426238316232 2 disconnected 5461-10922 [5462->-292f]',
      'aaaa fd00::3:6379@16379 master - 0 1426238316232 3 connected 10923-16383',
      'e7d1 :6379@16379 myself,master - 0 0 1 connected 0-5459 5460',
      '',
    ].join('\n'),
  );
  expect(id).toBe('e7d1');
  expect(known).toMatchObject([
    { id: '07c3', ip: '10.0.0.4', port: 6379, busPort: 16_379, masterId: 'e7d1', slots: [] },
    { ip: '10.0.0.2', flags: ['master', 'fail'], link: 'disconnected', slots: [[5461, 10_922]], configEpoch: 2 },
    { ip: 'fd00::3', port: 6379, masterId: undefined },
    { id: 'e7d1', ip: '', flags: ['myself', 'master'], slots: [[0, 5459], [5460, 5460]] }, // biome-ignore format: a list of pairs
  ]);
});

test('an answer without the node itself is no answer', () => {
  expect(() => parseClusterNodes('07c3 10.0.0.4:6379@16379 master - 0 0 4 connected')).toThrow('myself');
});
