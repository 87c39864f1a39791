import { expect, it } from 'vitest';
import { hashText, partitionCount, roomChannel, userChannel } from './partitions.js';

it('hashes as FNV-1a is published', () => {
  expect([hashText(''), hashText('a'), hashText('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
});

it('spreads rooms over all partitions', () => {
  const channels = new Set(Array.from({ length: 10_000 }, (_, index) => roomChannel(`room-${index}`)));
  expect(channels.size).toBe(partitionCount);
});

it('keeps rooms and users of one name apart', () => {
  expect(roomChannel('x')).not.toBe(userChannel('x'));
});
