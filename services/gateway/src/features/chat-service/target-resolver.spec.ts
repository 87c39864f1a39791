import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TargetResolver } from './target-resolver.js';

describe('TargetResolver', () => {
  const answers: Record<string, readonly string[] | Error> = {};
  let applied: (readonly string[])[];
  let resolver: TargetResolver;

  beforeEach(() => {
    vi.useFakeTimers();
    applied = [];
    resolver = new TargetResolver({
      targets: [
        { host: 'chat', port: 4005 },
        { host: 'other', port: 4006 },
      ],
      lookup: async (host) => {
        const answer = answers[host] ?? new Error('ENOTFOUND');
        if (answer instanceof Error) throw answer;
        return answer;
      },
      apply: (addresses) => applied.push(addresses),
      logger: { warn: () => {} },
    });
    answers['chat'] = ['10.0.0.2', '10.0.0.1'];
    answers['other'] = ['fd00::1'];
  });
  afterEach(() => {
    resolver.stop();
    vi.useRealTimers();
  });

  it('names every address of every target, IPv6 in brackets', async () => {
    await resolver.start();
    expect(applied).toEqual([['10.0.0.1:4005', '10.0.0.2:4005', '[fd00::1]:4006']]);
  });

  it('asks again every five seconds and follows what changes', async () => {
    await resolver.start();
    answers['chat'] = ['10.0.0.3'];
    await vi.advanceTimersByTimeAsync(5_000);
    expect(applied.at(-1)).toEqual(['10.0.0.3:4005', '[fd00::1]:4006']);
  });

  it('keeps the last known addresses of a name that cannot be resolved', async () => {
    await resolver.start();
    answers['chat'] = new Error('SERVFAIL');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(applied.at(-1)).toEqual(applied[0]);
  });
});
