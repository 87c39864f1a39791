import type { HealthRegistry, HealthReport } from './health-registry.js';

/** Answers `/livez`: 200 as long as the process can answer at all. It says nothing of dependencies: a restart cures none. */
export function livez(_health: HealthRegistry): ProbeAnswer<{ readonly status: 'alive' }> {
  return { statusCode: 200, body: { status: 'alive' } };
}

/**
 * Answers `/readyz`: 200 when started, fit and not draining, else 503. Dependencies are in the body and do not change the
 * code.
 */
export function readyz(health: HealthRegistry): ProbeAnswer<HealthReport> {
  const body = health.report();
  return { statusCode: body.status === 'ready' ? 200 : 503, body };
}

/** A status code and a JSON body. */
export interface ProbeAnswer<Body> {
  readonly statusCode: 200 | 503;
  readonly body: Body;
}
