import { expect, it } from 'vitest';
import { keepHeapSmall, type ReplaceableProcess } from './small-heap.js';

const size = { youngMiB: 4, growthPercent: 20 };

function begun(execArgv: readonly string[]): string[] {
  const calls: string[][] = [];
  const execve = ((_file, args) => void calls.push([...(args ?? [])])) as NonNullable<ReplaceableProcess['execve']>;
  const argv = ['/node', 'main.js', 'audit', '--json'];
  keepHeapSmall({ execve, execPath: '/node', execArgv: [...execArgv], argv }, size);
  return calls.flat();
}

it('begins the same command anew, with the options it had and a small heap', () => {
  const options = ['--max-semi-space-size=4', '--heap-growing-percent=20', '--enable-source-maps'];
  expect(begun(['--enable-source-maps'])).toEqual(['/node', ...options, 'main.js', 'audit', '--json']);
});

it('does so once, and not where somebody has chosen another heap', () => {
  expect(begun(['--max-semi-space-size=4', '--heap-growing-percent=20'])).toEqual([]);
  expect(begun(['--max-semi-space-size=64'])).toEqual([]);
});

it('goes on with the heap that there is where a process cannot be replaced', () => {
  expect(() => keepHeapSmall({ execPath: 'node', execArgv: [], argv: ['node', 'main.js'] }, size)).not.toThrow();
});
