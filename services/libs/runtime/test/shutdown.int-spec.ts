import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

/** Starts a process that ends in the given way, calls `onLine` for each log line, resolves with its exit code and lines. */
async function run(way: string, onLine: (message: string, kill: (signal: NodeJS.Signals) => void) => void) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/ending-process.ts'), way], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines: Record<string, unknown>[] = [];
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as Record<string, unknown>;
    lines.push(line);
    onLine(String(line['msg']), (signal) => void child.kill(signal));
  }
  const [code] = (await exited) as [number | null];
  return { code, lines, messages: lines.map(({ msg }) => msg) };
}

describe('a process with createShutdown', () => {
  it('runs its phases at SIGTERM and exits with 0', async () => {
    const { code, messages } = await run('well', (message, kill) => message === 'running' && kill('SIGTERM'));
    expect(code).toBe(0);
    expect(messages).toEqual([
      'running',
      'shutting down',
      'shutdown phase done',
      'store closed',
      'shutdown phase done',
      'shut down',
    ]);
  });

  it('says which phase hung, runs the others and exits with 1', async () => {
    const { code, messages } = await run('hang', (message, kill) => message === 'running' && kill('SIGTERM'));
    expect(code).toBe(1);
    expect(messages).toEqual(expect.arrayContaining(['shutdown phase server hung', 'store closed']));
  });

  it('exits with 1 at once at a second signal', async () => {
    const { code, messages } = await run('slow', (message, kill) => {
      if (message === 'running') kill('SIGTERM');
      if (message === 'shutting down') kill('SIGINT');
    });
    expect([code, messages.at(-1)]).toEqual([1, 'second signal, exiting at once']);
  });

  it.each([
    ['throw', 'uncaughtException'],
    ['reject', 'unhandledRejection'],
  ])('logs why it crashed and exits with 1 when something is left to %s', async (way, origin) => {
    const { code, lines } = await run(way, () => {});
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      level: 'fatal',
      origin,
      err: { message: 'nobody catches this', stack: expect.any(String) },
    });
  });
});
