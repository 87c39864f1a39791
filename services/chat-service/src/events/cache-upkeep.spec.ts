import { expect, it } from 'vitest';
import { CacheUpkeep } from './cache-upkeep.js';

const names = (commands: readonly (readonly unknown[])[] = []): unknown[] => commands.map(([name]) => name);
const all = ['zremrangebyrank', 'expire', 'set'];

it('does everything with the first message, and once a second while the room talks', () => {
  const upkeep = new CacheUpkeep();
  expect(names(upkeep.written('r', 'cache:1', 1, 0))).toEqual(all);
  for (const at of [1, 500, 999]) expect(upkeep.written('r', 'cache:1', at, at)).toEqual([]);
  expect(names(upkeep.written('r', 'cache:1', 1_000, 1_000))).toEqual(all);
});

it('does what is left when the room has fallen silent, for its newest message, and only then', () => {
  const upkeep = new CacheUpkeep();
  upkeep.written('r', 'cache:1', 1, 0);
  expect(upkeep.silent('r')).toBeUndefined();
  upkeep.written('r', 'cache:1', 2, 5_000);
  upkeep.written('r', 'cache:1', 3, 5_100);
  expect(upkeep.silent('r')).toMatchObject({
    key: 'cache:1',
    commands: [[], [], ['set', expect.any(String), 3]].map((each) => expect.arrayContaining(each)),
  });
  expect(upkeep.silent('r')).toBeUndefined();
});

it('begins anew with the cache of a new epoch', () => {
  const upkeep = new CacheUpkeep();
  upkeep.written('r', 'cache:1', 9, 0);
  expect(names(upkeep.written('r', 'cache:2', 1, 1))).toEqual(all);
});
