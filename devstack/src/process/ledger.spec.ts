import { expect, test } from 'vitest';
import { type LedgerRecord, leftoversOf } from './ledger.js';

const record: LedgerRecord = {
  owner: { pid: 10, startTime: 'a' },
  children: [
    { name: 'mongo-1', pid: 11, startTime: 'b' },
    { name: 'redis', pid: 12, startTime: 'c' },
  ],
};

test('the children of a living owner are no leftovers', () => {
  expect(leftoversOf(record, () => true)).toEqual([]);
});

test('of a dead owner, the children that still live are leftovers', () => {
  expect(leftoversOf(record, ({ pid }) => pid === 12).map(({ name }) => name)).toEqual(['redis']);
});
