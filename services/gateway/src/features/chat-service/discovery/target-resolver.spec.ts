import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Target } from '../../../config.js';
import type { KubernetesService, PodWatchListener } from './pod-watch.js';
import { TargetResolver } from './target-resolver.js';

describe('TargetResolver', () => {
  const answers: Record<string, readonly string[] | Error> = {};
  let applied: (readonly string[])[];
  let resolver: TargetResolver;
  let watched: { service: KubernetesService; listener: PodWatchListener; isStopped: boolean }[];
  let lookups: string[];
  let lines: string[];

  beforeEach(() => {
    vi.useFakeTimers();
    applied = [];
    watched = [];
    lookups = [];
    lines = [];
    make([
      { host: 'chat', port: 4005 },
      { host: 'other', port: 4006 },
    ]);
    answers['chat'] = ['10.0.0.2', '10.0.0.1'];
    answers['other'] = ['fd00::1'];
  });
  afterEach(() => {
    resolver.stop();
    vi.useRealTimers();
  });

  function make(targets: readonly Target[]): void {
    resolver = new TargetResolver({
      targets,
      lookup: async (host) => {
        lookups.push(host);
        const answer = answers[host] ?? new Error('ENOTFOUND');
        if (answer instanceof Error) throw answer;
        return answer;
      },
      apply: (addresses) => applied.push(addresses),
      watch: (service, listener) => {
        const watch = { service, listener, isStopped: false };
        watched.push(watch);
        return { start: () => Promise.resolve(), stop: () => void (watch.isStopped = true) };
      },
      random: () => 1,
      logger: {
        info: (...line: unknown[]) => void lines.push(String(line[1])),
        warn: (...line: unknown[]) => void lines.push(String(line[1])),
      },
    });
  }

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

  it('says once that a name cannot be resolved, and once that it can again', async () => {
    answers['chat'] = new Error('SERVFAIL');
    await resolver.start();
    await vi.advanceTimersByTimeAsync(20_000);
    answers['chat'] = ['10.0.0.1'];
    await vi.advanceTimersByTimeAsync(10_000);
    expect(lines).toEqual(['the chat service host cannot be resolved', 'the chat service host can be resolved again']);
  });

  it('asks at once and in growing pauses when a pod is lost, then as usual', async () => {
    await resolver.start();
    lookups.length = 0;
    resolver.hurry();
    resolver.hurry();
    const rounds: number[] = [];
    // The last round is at the beat of the process, so up to half a second before the five are over.
    for (const ms of [100, 200, 400, 800, 1_600, 3_200, 4_499, 501]) {
      await vi.advanceTimersByTimeAsync(ms);
      rounds.push(lookups.length / 2);
    }
    expect(rounds).toEqual([1, 2, 3, 4, 5, 6, 6, 7]);
  });

  describe('with a Service that is watched', () => {
    beforeEach(() => make([{ scheme: 'k8s', host: 'chat.talk', port: 4005 }]));

    it('takes what Kubernetes tells, at once, and asks DNS for nothing', async () => {
      await startWatched(['10.0.0.7']);
      expect(watched[0]?.service).toEqual({ name: 'chat', namespace: 'talk' });
      watched[0]?.listener.onPods(['10.0.0.8', '10.0.0.7']);
      expect(applied.at(-1)).toEqual(['10.0.0.7:4005', '10.0.0.8:4005']);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(lookups).toEqual([]);
    });

    it('keeps the pods when Kubernetes knows of none', async () => {
      await startWatched(['10.0.0.7']);
      watched[0]?.listener.onPods([]);
      expect(applied.at(-1)).toEqual(['10.0.0.7:4005']);
    });

    it('asks DNS while Kubernetes cannot be asked', async () => {
      await startWatched(['10.0.0.7']);
      answers['chat.talk'] = ['10.0.0.9'];
      watched[0]?.listener.onLost('403');
      await vi.advanceTimersByTimeAsync(100);
      expect(applied.at(-1)).toEqual(['10.0.0.9:4005']);
      watched[0]?.listener.onPods(['10.0.0.8']);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(applied.at(-1)).toEqual(['10.0.0.8:4005']);
    });

    it('stops watching', async () => {
      await startWatched(['10.0.0.7']);
      resolver.stop();
      expect(watched[0]?.isStopped).toBe(true);
    });

    async function startWatched(addresses: readonly string[]): Promise<void> {
      const started = resolver.start();
      watched[0]?.listener.onPods(addresses);
      await started;
    }
  });
});
