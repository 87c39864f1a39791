import { expect, it } from 'vitest';
import type { Alert } from '../stack/prometheus-api.js';
import { type DrillResult, drillFault, isPassed } from './drill-fault.js';

const times = { everyMs: 10, holdMs: 50, patienceMs: 200 };

it('passes where the expected alert fires alone and goes', async () => {
  const result = await drilled({ broken: [firing('A'), pending('B')] });
  expect(result).toMatchObject({ expected: 'A', toFireMs: 0, others: [], waiting: ['B'], unhealthy: [] });
  expect(isPassed(result)).toBe(true);
});

it('tells of others that fire while it is broken, also after the expected one', async () => {
  const result = await drilled({ broken: [firing('A')], later: [firing('A'), firing('B')] });
  expect(result.others).toEqual(['B']);
  expect(isPassed(result)).toBe(false);
});

it('tells of an alert that does not fire, and of one that does not go', async () => {
  const silent = await drilled({ broken: [] });
  expect(silent).toMatchObject({ toFireMs: undefined });
  expect(isPassed(silent)).toBe(false);
  const endless = await drilled({ broken: [firing('A')], mended: [firing('A')] });
  expect(endless).toMatchObject({ toFireMs: 0, toClearMs: undefined });
  expect(isPassed(endless)).toBe(false);
});

it('does not begin where something fires or waits to', async () => {
  const result = await drilled({ healthy: [pending('B')], broken: [firing('A')] });
  expect(result).toMatchObject({ unhealthy: ['B'] });
  expect(isPassed(result)).toBe(false);
});

const alert =
  (state: Alert['state']) =>
  (alertname: string): Alert => ({ state, labels: { alertname } });
const firing = alert('firing');
const pending = alert('pending');

/** Runs a drill on alerts by phase; `later` is from the third look at what is broken on. */
async function drilled(phases: {
  readonly healthy?: readonly Alert[];
  readonly broken: readonly Alert[];
  readonly later?: readonly Alert[];
  readonly mended?: readonly Alert[];
}): Promise<DrillResult> {
  let phase: 'healthy' | 'broken' | 'mended' = 'healthy';
  let [looks, clock] = [0, 0];
  const alerts = async (): Promise<readonly Alert[]> => {
    if (phase === 'broken' && ++looks > 2 && phases.later) return phases.later;
    return phases[phase] ?? [];
  };
  const strike = async () => {
    phase = 'broken';
    return async () => {
      phase = 'mended';
    };
  };
  const pause = async (ms: number): Promise<void> => {
    clock += ms;
  };
  return drillFault('A', { alerts, strike, now: () => clock, pause }, times);
}
