import { createHistogram, performance } from 'node:perf_hooks';
import { beatMs, everyBeat } from '../waiting/every-beat.js';

/** As `collectDefaultMetrics` calls and describes them. */
const values = {
  min: 'The minimum recorded event loop delay.',
  max: 'The maximum recorded event loop delay.',
  mean: 'The mean of the recorded event loop delays.',
  stddev: 'The standard deviation of the recorded event loop delays.',
  p50: 'The 50th percentile of the recorded event loop delays.',
  p90: 'The 90th percentile of the recorded event loop delays.',
  p99: 'The 99th percentile of the recorded event loop delays.',
} as const;

/** What keeps `monitorEventLoopDelay` from waking the process a hundred times a second: its timer never goes off. */
export const neverMs = 2 ** 31 - 1;

/**
 * Measures how late the event loop comes to a timer, at each beat ({@link everyBeat}) in place of every 10 ms, under the names
 * of the default metrics. Reset at each scrape. A stall shorter than a beat is met by chance: all that are long are.
 */
export function measureEventLoopLag(declare: (gauge: LagGauge) => void): void {
  const delays = createHistogram();
  // oxlint-disable-next-line eslint/no-restricted-properties -- what is measured is this process' own time
  const elapsedMs = (): number => performance.now();
  let last = elapsedMs();
  everyBeat(beatMs, () => {
    const now = elapsedMs();
    delays.record(Math.max(1, Math.round((now - last - beatMs) * 1e6)));
    last = now;
  });
  for (const [value, help] of Object.entries(values)) {
    declare({
      name: `nodejs_eventloop_lag_${value}_seconds`,
      help,
      read: () => {
        const seconds = delays.count === 0 ? 0 : secondsOf(delays, value as keyof typeof values);
        // The last of them to be read.
        if (value === 'p99') delays.reset();
        return seconds;
      },
    });
  }
}

/** A gauge in place of the default one of this name. */
interface LagGauge {
  readonly name: string;
  readonly help: string;
  readonly read: () => number;
}

function secondsOf(delays: ReturnType<typeof createHistogram>, value: keyof typeof values): number {
  const nanoseconds = value.startsWith('p')
    ? delays.percentile(Number(value.slice(1)))
    : delays[value as 'min' | 'max' | 'mean' | 'stddev'];
  return nanoseconds / 1e9;
}
