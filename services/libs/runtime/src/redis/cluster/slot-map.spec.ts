import { describe, expect, it } from 'vitest';
import { readSlotMap, singleSlotMap } from './slot-map.js';

const asked = { host: '10.0.0.9', port: 7000 };
const info = 'cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_current_epoch:6\r\n';
const slots = [
  [0, 8_000, ['10.0.0.1', 7001, 'id-1'], ['10.0.0.2', 7002, 'id-2']],
  [8_001, 16_383, ['', 7003, 'id-3']],
];

describe('readSlotMap', () => {
  it('knows the owner of every slot', () => {
    const map = readSlotMap(slots, info, asked);
    expect([map?.epoch, map?.ownerOf(0), map?.ownerOf(8_000), map?.ownerOf(16_383)]).toEqual([
      6,
      '10.0.0.1:7001',
      '10.0.0.1:7001',
      '10.0.0.9:7003',
    ]);
    expect(map?.nodes.get('10.0.0.9:7003')).toEqual({ host: '10.0.0.9', port: 7003 });
  });

  it('leaves slots without an owner open', () => {
    expect(readSlotMap(slots.slice(0, 1), info, asked)?.ownerOf(16_383)).toBeUndefined();
  });

  it('does not believe a node that sees no working cluster', () => {
    expect(readSlotMap(slots, info.replace('ok', 'fail'), asked)).toBeUndefined();
    expect(readSlotMap([[0, 16_383, ['?', 7001]]], info, asked)).toBeUndefined();
    expect(readSlotMap('garbage', info, asked)).toBeUndefined();
    expect(readSlotMap(['garbage'], info, asked)).toBeUndefined();
  });
});

describe('singleSlotMap', () => {
  it('gives everything to one server', () => {
    expect(singleSlotMap(asked).ownerOf(1)).toBe('10.0.0.9:7000');
  });
});
