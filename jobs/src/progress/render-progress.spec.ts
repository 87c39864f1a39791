import { expect, it } from 'vitest';
import { progressFigures, renderProgress } from './render-progress.js';

it.each([
  ['', 'moving: 4 s'],
  ['waiting for the balancer', 'moving: waiting for the balancer, 4 s'],
  [{ done: 1_200, unit: 'rooms' }, 'moving: 1,200 rooms, 300/s, 4 s'],
  [{ done: 1_200, total: 5_000, unit: 'rooms' }, 'moving: 1,200 of 5,000 rooms, 24 %, 300/s, 4 s, 13 s left'],
  [{ done: 0, total: 5_000, unit: 'rooms' }, 'moving: 0 of 5,000 rooms, 0 %, 4 s'],
  [{ done: 0, total: 0, unit: 'rooms' }, 'moving: 0 of 0 rooms, 100 %, 4 s'],
])('shows %j after four seconds as "%s"', (state, text) => {
  expect(renderProgress('moving', progressFigures(state, 4_000))).toBe(text);
});

it('tells the rate from what was done since it began, not from what a run before had done', () => {
  const figures = progressFigures({ done: 900, total: 1_000, unit: 'rooms' }, 10_000, 800);
  expect(figures).toMatchObject({ percent: 90, perSecond: 10, secondsLeft: 10 });
});
