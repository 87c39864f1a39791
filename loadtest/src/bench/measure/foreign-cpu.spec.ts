import { describe, expect, test } from 'vitest';
import { foreignIn } from './foreign-cpu.ts';

describe('the CPU of other processes', () => {
  test('is that of all but the run, what it started, and the kernel', () => {
    const stats = [
      stat(1, 0, [1, 0, 0, 0]),
      stat(50, 1, [0, 7, 0, 0]),
      // The run, its child and its grandchild.
      stat(100, 50, [1_000, 0, 0, 0]),
      stat(101, 100, [0, 1_000, 0, 0]),
      stat(102, 101, [1_000, 1_000, 1_000, 0]),
      stat(2, 0, [500, 500, 0, 0], 0x20_80_40),
    ];
    expect(foreignIn(stats, 100)).toBe(8 * 10_000);
  });

  test('stays the same when a child ends and its parent has its time', () => {
    const before = [stat(50, 1, [1, 0, 0, 0]), stat(60, 50, [3, 4, 0, 0])];
    expect(foreignIn([stat(50, 1, [1, 0, 3, 4]), ''], 100)).toBe(foreignIn(before, 100));
  });
});

/** A line of `/proc/PID/stat`: user, system, and both of children that ended, in ticks. */
function stat(pid: number, parent: number, ticks: readonly number[], flags = 0): string {
  return `${pid} (a (odd) name) S ${parent} 1 1 0 -1 ${flags} 0 0 0 0 ${ticks.join(' ')} 20 0 1 0`;
}
