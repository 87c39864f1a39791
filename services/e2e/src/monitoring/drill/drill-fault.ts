import type { Alert } from '../stack/prometheus-api.js';

/**
 * Breaks something, waits until the expected alert fires, and on for a while in which no other may; mends it and waits until all is
 * silent. Begins when nothing fires or waits to. What takes longer than `patienceMs` is told as not having happened.
 */
export async function drillFault(expected: string, deeds: DrillDeeds, times: DrillTimes): Promise<DrillResult> {
  const { alerts, strike, now, pause } = deeds;
  const others = new Set<string>();
  const until = async (isThere: (firing: readonly string[]) => boolean): Promise<number | undefined> => {
    const begun = now();
    while (now() - begun < times.patienceMs) {
      const firing = namesOf(await alerts(), ['firing']);
      for (const name of firing) if (name !== expected) others.add(name);
      if (isThere(firing)) return now() - begun;
      await pause(times.everyMs);
    }
    return undefined;
  };
  const noisy = async (): Promise<readonly string[]> => namesOf(await alerts(), ['pending', 'firing']);
  for (const begun = now(); (await noisy()).length > 0; ) {
    if (now() - begun > times.patienceMs) return { expected, unhealthy: await noisy(), others: [], waiting: [] };
    await pause(times.everyMs);
  }
  const mend = await strike();
  const toFireMs = await until((firing) => firing.includes(expected));
  const firedAt = now();
  await until(() => now() - firedAt >= times.holdMs);
  const waiting = namesOf(await alerts(), ['pending']);
  await mend();
  const toClearMs = await until((firing) => firing.length === 0);
  return { expected, toFireMs, toClearMs, others: [...others].toSorted(), waiting, unhealthy: [] };
}

/** Whether it went as it should: the expected alert, no other, and silence after it. */
export function isPassed({ toFireMs, toClearMs, others, unhealthy }: DrillResult): boolean {
  return toFireMs !== undefined && toClearMs !== undefined && others.length === 0 && unhealthy.length === 0;
}

/** What is asked and done. */
export interface DrillDeeds {
  alerts(): Promise<readonly Alert[]>;
  /** Breaks it; resolves with what mends it. */
  strike(): Promise<() => Promise<void>>;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  pause(ms: number): Promise<unknown>;
}

/** Milliseconds. */
export interface DrillTimes {
  /** Between two looks. */
  readonly everyMs: number;
  /** How long it stays broken after the alert has fired. */
  readonly holdMs: number;
  /** The longest wait for an alert to come or go. */
  readonly patienceMs: number;
}

/** What came of a fault. */
export interface DrillResult {
  readonly expected: string;
  /** From the fault to the alert; undefined when it did not fire. */
  readonly toFireMs?: number | undefined;
  /** From the mending to silence; undefined when something went on. */
  readonly toClearMs?: number | undefined;
  /** Other alerts that fired. */
  readonly others: readonly string[];
  /** Those that would have fired, had it stayed broken long enough. */
  readonly waiting: readonly string[];
  /** Alerts that were there before it began, so that it did not. */
  readonly unhealthy: readonly string[];
}

function namesOf(alerts: readonly Alert[], states: readonly Alert['state'][]): readonly string[] {
  return [
    ...new Set(alerts.filter(({ state }) => states.includes(state)).map(({ labels }) => labels['alertname'] ?? '')),
  ];
}
