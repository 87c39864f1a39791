import { expect, it } from 'vitest';
import { CommitPace } from './commit-pace.js';

/** The spacing after messages have come at a steady rate for a while, each command taking what has come. */
function spacingAt(perSecond: number): number {
  const pace = new CommitPace();
  let [now, waiting, wait] = [0, 0, 0];
  for (let index = 0; index < 500; index++) {
    const step = Math.max(wait, 1_000 / perSecond);
    now += step;
    waiting += (step * perSecond) / 1_000;
    pace.started(waiting, now);
    waiting = 0;
    wait = pace.waitMs(now);
  }
  return wait;
}

it('lets the first command after a pause go at once', () => {
  expect(new CommitPace().waitMs(0)).toBe(0);
});

it('does not space commands of a quiet system', () => {
  for (const perSecond of [1, 50, 200, 250]) expect(spacingAt(perSecond)).toBe(0);
});

it('spaces commands the more the more comes, and never by more than 20 ms', () => {
  const spacings = [350, 400, 450, 500, 1_000].map(spacingAt);
  expect(spacings.toSorted((one, other) => one - other)).toEqual(spacings);
  expect(spacings[0]).toBeGreaterThan(1);
  expect(spacings.slice(3)).toEqual([20, 20]);
});

it('waits for no more than 24 messages, so the less the faster they come', () => {
  expect(spacingAt(4_000)).toBeCloseTo(6, 0);
  expect(spacingAt(20_000)).toBeCloseTo(1.2, 0);
});

it('forgets what came long ago', () => {
  const pace = new CommitPace();
  pace.started(100, 0);
  expect(pace.waitMs(0)).toBe(20);
  expect(pace.waitMs(20)).toBe(0);
  pace.started(1, 1_000);
  expect(pace.waitMs(1_000)).toBe(0);
});
