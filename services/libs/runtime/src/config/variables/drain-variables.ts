import type { ConfigFault } from '../declaration/define-config.js';
import { variable } from '../declaration/variable.js';
import { durationMs } from '../values/duration-ms.js';

/** Variables of a deployable that others send requests to; spread them into `defineConfig`, with {@link drainFitsGrace} as a rule. */
export const drainVariables = {
  drainDelayMs: variable({
    env: 'DRAIN_DELAY_MS',
    doc: 'Time after SIGTERM in which `/readyz` is 503 and everything is still served, in milliseconds: load balancers and DNS need it to send new requests elsewhere. It is part of `SHUTDOWN_GRACE_MS`, at most half of it.',
    schema: durationMs(0, 300_000).default(5_000),
  }),
} as const;

/** A rule: what comes after the delay needs time too. */
export function drainFitsGrace(value: {
  readonly drainDelayMs: number;
  readonly shutdownGraceMs: number;
}): readonly ConfigFault[] {
  return value.drainDelayMs > value.shutdownGraceMs / 2
    ? [{ env: 'DRAIN_DELAY_MS', message: 'must be at most half of SHUTDOWN_GRACE_MS' }]
    : [];
}
