import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runPhases, type ShutdownPhase } from './run-phases.js';

const logger = { info: vi.fn(), error: vi.fn() };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

function lasting(name: string, ms: number, done: string[]): ShutdownPhase {
  return {
    name,
    run: async () => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      done.push(name);
    },
  };
}

async function run(phases: readonly ShutdownPhase[], graceMs: number): Promise<readonly string[]> {
  const result = runPhases(phases, { graceMs, logger, now: () => Date.now() });
  await vi.runAllTimersAsync();
  return result;
}

describe('runPhases', () => {
  it('runs one phase after another in the given order', async () => {
    const done: string[] = [];
    expect(await run([lasting('a', 30, done), lasting('b', 10, done)], 1_000)).toEqual([]);
    expect(done).toEqual(['a', 'b']);
  });

  it('leaves a hung phase behind after its share of the time and says which', async () => {
    const done: string[] = [];
    const aborted = vi.fn();
    const hung: ShutdownPhase = {
      name: 'hung',
      run: (signal) => {
        signal.addEventListener('abort', aborted);
        return new Promise(() => {});
      },
    };
    const before = Date.now();
    expect(await run([hung, lasting('b', 400, done)], 1_000)).toEqual(['hung']);
    expect({ done, tookMs: Date.now() - before }).toEqual({ done: ['b'], tookMs: 900 });
    expect(aborted).toHaveBeenCalledOnce();
    expect(logger.error).toHaveBeenCalledWith({ phase: 'hung', shareMs: 500 }, 'shutdown phase hung hung');
  });

  it('gives the time that a fast phase leaves to the later ones', async () => {
    const done: string[] = [];
    expect(await run([lasting('fast', 0, done), lasting('slow', 900, done)], 1_000)).toEqual([]);
    expect(done).toEqual(['fast', 'slow']);
  });

  it('goes on after a failed phase', async () => {
    const done: string[] = [];
    const failing = { name: 'failing', run: () => Promise.reject(new Error('broken')) };
    const throwing = {
      name: 'throwing',
      run: () => {
        throw new Error('broken');
      },
    };
    expect(await run([failing, throwing, lasting('b', 1, done)], 1_000)).toEqual(['failing', 'throwing']);
    expect(done).toEqual(['b']);
  });
});
