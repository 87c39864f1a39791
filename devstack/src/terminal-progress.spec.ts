import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TerminalProgress } from './terminal-progress.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('outside a terminal, a step that is over at once leaves only its result', () => {
  const { progress, lines } = writtenBy(false);
  progress.step('stopping gateway');
  vi.advanceTimersByTime(100);
  progress.done('gateway stopped');
  vi.advanceTimersByTime(10_000);
  expect(lines()).toEqual(['gateway stopped\n']);
});

test('outside a terminal, a long step is told again every two seconds, at most', () => {
  const { progress, lines } = writtenBy(false);
  for (let second = 0; second < 5; second++) {
    progress.step('downloading', { doneBytes: second * 1_000_000, totalBytes: 10_000_000 });
    vi.advanceTimersByTime(1_000);
  }
  expect(lines()).toEqual([
    'downloading  0.0 of 10.0 MB (0 %)\n',
    'downloading  2.0 of 10.0 MB (20 %)  2 s\n',
    'downloading  4.0 of 10.0 MB (40 %)  4 s\n',
  ]);
});

test('a step that reports nothing more is repeated with its time', () => {
  const { progress, lines } = writtenBy(false);
  progress.step('unpacking');
  vi.advanceTimersByTime(5_000);
  expect(lines()).toEqual(['unpacking\n', 'unpacking  2 s\n', 'unpacking  4 s\n']);
});

test('steps that take turns are not told each time', () => {
  const { progress, lines } = writtenBy(false);
  for (let turn = 0; turn < 80; turn++) {
    progress.step(turn % 2 === 0 ? 'waiting for a' : 'waiting for b');
    vi.advanceTimersByTime(50);
  }
  expect(lines().length).toBeLessThanOrEqual(10);
  expect(lines().length).toBeGreaterThanOrEqual(2);
});

test('on a terminal the line changes in place and gives way to a result', () => {
  const { progress, lines } = writtenBy(true);
  progress.step('downloading', { doneBytes: 1_000_000 });
  vi.advanceTimersByTime(200);
  progress.step('downloading', { doneBytes: 2_000_000 });
  vi.advanceTimersByTime(200);
  progress.done('downloaded');
  expect(lines()).toEqual(['downloading  1.0 MB', '\r\u001b[2K', 'downloading  2.0 MB', '\r\u001b[2K', 'downloaded\n']);
});

function writtenBy(isTTY: boolean): { progress: TerminalProgress; lines: () => readonly string[] } {
  const written: string[] = [];
  const progress = new TerminalProgress({ isTTY, columns: 80, write: (text) => written.push(text) });
  return { progress, lines: () => written };
}
