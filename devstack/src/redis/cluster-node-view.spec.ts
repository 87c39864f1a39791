import { expect, test } from 'vitest';
import { parseClusterNodes } from './cluster-node-view.js';

const TEXT = `07c3 127.0.0.1:30004@31004,host slave e7d1 0 1426238317239 4 connected
67ed 127.0.0.1:30002@31002 master - 0 1426238316232 2 disconnected 5461-10922 [5462->-292f]
e7d1 127.0.0.1:30001@31001 myself,master - 0 0 1 connected 0-5460 5900
`;

test('every line is a node, and one of them is the node itself', () => {
  const { id, known } = parseClusterNodes(TEXT);
  expect(id).toBe('e7d1');
  expect(known).toEqual([
    { id: '07c3', address: '127.0.0.1:30004', flags: ['slave'], masterId: 'e7d1', linkState: 'connected', slots: 0 },
    {
      id: '67ed',
      address: '127.0.0.1:30002',
      flags: ['master'],
      masterId: undefined,
      linkState: 'disconnected',
      slots: 5462,
    },
    {
      id: 'e7d1',
      address: '127.0.0.1:30001',
      flags: ['myself', 'master'],
      masterId: undefined,
      linkState: 'connected',
      slots: 5462,
    },
  ]);
});
