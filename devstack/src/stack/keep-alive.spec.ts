import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ProcessExit } from '../process/process-spec.js';
import { keepAlive, type Revivable, restartDelayMs } from './keep-alive.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('pauses double and are never longer than fifteen seconds', () => {
  expect([0, 1, 2, 3].map(restartDelayMs)).toEqual([250, 500, 1_000, 2_000]);
  expect(restartDelayMs(50)).toBe(15_000);
});

test('a process that ends by itself is started again', async () => {
  const { child, dies, starts, lines } = fake();
  keepAlive(child, (line) => lines.push(line));
  dies(false);
  await vi.advanceTimersByTimeAsync(250);
  expect(starts()).toBe(1);
  expect(lines).toEqual([
    'gateway was ended by SIGKILL; starting it again (log: gateway.log)',
    'gateway runs again (pid 7)',
  ]);
});

test('a start that fails is tried again after longer and longer pauses', async () => {
  const { child, dies, starts, lines } = fake(2);
  keepAlive(child, (line) => lines.push(line));
  dies(false);
  await vi.advanceTimersByTimeAsync(250);
  expect(starts()).toBe(1);
  await vi.advanceTimersByTimeAsync(499);
  expect(starts()).toBe(1);
  await vi.advanceTimersByTimeAsync(1 + 1_000);
  expect(starts()).toBe(3);
  expect(lines.at(-1)).toBe('gateway runs again (pid 7)');
});

test('an end that was asked for, or after letting go, is left alone', async () => {
  const { child, dies, starts, lines } = fake();
  const letGo = keepAlive(child, (line) => lines.push(line));
  dies(true);
  await vi.advanceTimersByTimeAsync(60_000);
  dies(false);
  letGo();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(starts()).toBe(0);
});

function fake(failures = 0): {
  child: Revivable;
  dies: (asked: boolean) => void;
  starts: () => number;
  lines: string[];
} {
  const listeners = new Set<(exit: ProcessExit) => void>();
  let starts = 0;
  const child: Revivable = {
    name: 'gateway',
    pid: 7,
    logFile: 'gateway.log',
    start: async () => {
      if (++starts <= failures) throw new Error('gateway exited with code 1');
    },
    onExit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const dies = (asked: boolean): void =>
    listeners.forEach((listener) => listener({ name: 'gateway', code: null, signal: 'SIGKILL', asked }));
  return { child, dies, starts: () => starts, lines: [] };
}
