import { afterEach, describe, expect, it, vi } from 'vitest';
import { createShutdown, type Shutdown } from './create-shutdown.js';

const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), fatal: vi.fn() };
let shutdown: Shutdown;

afterEach(() => {
  shutdown.dispose();
  vi.clearAllMocks();
});

function create() {
  const exited = Promise.withResolvers<number>();
  const exit = vi.fn((code: number) => exited.resolve(code));
  shutdown = createShutdown({ graceMs: 1_000, logger, signals: ['SIGUSR2'], exit, elapsedMs: () => performance.now() });
  return { exit, exited: exited.promise };
}

describe('createShutdown', () => {
  it('undoes in reverse what was set up, and exits with 0', async () => {
    const { exited } = create();
    const order: string[] = [];
    for (const name of ['store', 'server', 'listener']) shutdown.add(name, () => void order.push(name));
    process.emit('SIGUSR2');
    expect(await exited).toBe(0);
    expect(order).toEqual(['listener', 'server', 'store']);
    expect(shutdown.isRunning).toBe(true);
  });

  it('exits with 1 when a phase failed', async () => {
    const { exited } = create();
    shutdown.add('store', () => Promise.reject(new Error('broken')));
    process.emit('SIGUSR2');
    expect(await exited).toBe(1);
  });

  it('exits with 1 at once on a second signal', () => {
    const { exit } = create();
    shutdown.add('store', () => new Promise(() => {}));
    process.emit('SIGUSR2');
    expect(exit).not.toHaveBeenCalled();
    process.emit('SIGUSR2');
    expect(exit).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('tells others first, and begins when they have had time to hear of it', async () => {
    const { exited } = create();
    const order: string[] = [];
    shutdown.add('listener', () => void order.push('listener'));
    shutdown.announce(() => void order.push('told'), 50);
    process.emit('SIGUSR2');
    expect(order).toEqual(['told']);
    expect(await exited).toBe(0);
    expect(order).toEqual(['told', 'listener']);
  });

  it('ends that time on a second signal, and exits with 1 at once on a third', async () => {
    const { exit } = create();
    const phase = Promise.withResolvers<void>();
    shutdown.add('store', () => {
      phase.resolve();
      return new Promise(() => {});
    });
    shutdown.announce(() => {}, 60_000);
    process.emit('SIGUSR2');
    process.emit('SIGUSR2');
    await phase.promise;
    expect(exit).not.toHaveBeenCalled();
    process.emit('SIGUSR2');
    expect(exit).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('runs the phases once however often it is asked', async () => {
    const { exit } = create();
    const phase = vi.fn();
    shutdown.add('store', phase);
    await Promise.all([shutdown.begin('a'), shutdown.begin('b')]);
    expect(phase).toHaveBeenCalledOnce();
    expect(exit).toHaveBeenCalledExactlyOnceWith(0);
  });
});
