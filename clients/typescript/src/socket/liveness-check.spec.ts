import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/fakes/fake-clock.js';
import { Patience } from '../connection/patience.js';
import { LivenessCheck } from './liveness-check.js';

describe('LivenessCheck', () => {
  let clock: FakeClock;
  let patience: Patience;
  let isWaiting: boolean;
  /** What it did, with the milliseconds at which. */
  let done: string[];
  let watch: LivenessCheck;

  beforeEach(() => {
    clock = new FakeClock();
    const start = clock.now();
    patience = new Patience();
    isWaiting = false;
    done = [];
    const note = (what: string) => () => void done.push(`${what} ${clock.now() - start}`);
    watch = new LivenessCheck({ clock, random: () => 0.5 }, patience, {
      isWaiting: () => isWaiting,
      probe: note('probe'),
      silent: note('silent'),
    });
  });

  it('asks for a sign of life after 4 s without an answer, and calls the socket silent 6 s later', async () => {
    ask();
    await clock.pass(60_000);
    expect(done).toEqual(['probe 4000', 'silent 10500']);
    expect([patience.ms, clock.waiting]).toEqual([12_000, 0]);
  });

  it('asks nothing while something arrives', async () => {
    ask();
    await clock.pass(3_000);
    watch.heard();
    await clock.pass(3_999);
    expect(done).toEqual([]);
    await clock.pass(1);
    expect(done).toEqual(['probe 7000']);
    expect(patience.ms).toBe(6_000);
  });

  it('asks nothing once all is answered, and begins again with the next request', async () => {
    ask();
    await clock.pass(1_000);
    answer();
    await clock.pass(9_000);
    expect([done, clock.waiting]).toEqual([[], 0]);
    ask();
    await clock.pass(4_000);
    expect(done).toEqual(['probe 14000']);
  });

  it('waits as long for a request that follows an answer', async () => {
    ask();
    await clock.pass(1_000);
    answer();
    await clock.pass(2_000);
    ask();
    await clock.pass(4_000);
    expect(done).toEqual(['probe 7000']);
  });

  it('does not wait longer for the first request because another one follows', async () => {
    ask();
    await clock.pass(2_000);
    ask();
    await clock.pass(2_000);
    expect(done).toEqual(['probe 4000']);
  });

  it('gives an answer that was late as much time again, and goes on watching while somebody waits', async () => {
    ask();
    await clock.pass(9_000);
    watch.heard();
    expect([done, patience.ms]).toEqual([['probe 4000'], 10_000]);
    await clock.pass(4_000);
    expect(done).toEqual(['probe 4000', 'probe 13000']);
    answer();
    expect(clock.waiting).toBe(0);
  });

  it('tests a socket at once when told to, one test at a time', async () => {
    ask();
    await clock.pass(1_000);
    watch.test();
    watch.test();
    expect([done, clock.waiting]).toEqual([['probe 1000'], 1]);
    await clock.pass(6_500);
    expect(done).toEqual(['probe 1000', 'silent 7500']);
    watch.test();
    expect(done.at(-1)).toBe('probe 7500');
  });

  it('waits for nothing when stopped, and may be used again', async () => {
    watch.test();
    watch.stop();
    await clock.pass(60_000);
    expect(done).toEqual(['probe 0']);
    ask();
    watch.stop();
    ask();
    await clock.pass(4_000);
    expect(done).toEqual(['probe 0', 'probe 64000']);
  });

  function ask(): void {
    watch.asked();
    isWaiting = true;
  }

  function answer(): void {
    isWaiting = false;
    watch.heard();
  }
});

describe('Patience', () => {
  it('doubles with every silence, to at most 40 s', () => {
    const patience = new Patience();
    const waits = [1, 2, 3, 4].map(() => {
      patience.silence();
      return patience.ms;
    });
    expect(waits).toEqual([12_000, 24_000, 40_000, 40_000]);
  });

  it('is twice what the last answer took, from 6 to 40 s', () => {
    const patience = new Patience();
    const waits = [1_000, 5_000, 30_000, 0].map((ms) => {
      patience.answeredAfter(ms);
      return patience.ms;
    });
    expect(waits).toEqual([6_000, 10_000, 40_000, 6_000]);
  });
});
