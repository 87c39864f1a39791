import type { Metrics } from '../metrics/create-metrics.js';
import type { HealthRegistry } from './health-registry.js';

/** Declares what a process says of its own health, and the checks that it has. */
export function declareHealthMetrics({ gauge, prefix }: Metrics, checks: readonly string[]): HealthMetrics {
  const up = gauge({
    name: `${prefix}_health_check_up`,
    doc: 'Whether what a check of `/readyz` looks at works: 1 or 0; 0 until it has run.',
    labels: { check: checks },
  });
  const ready = gauge({
    name: `${prefix}_ready`,
    doc: 'Whether `/readyz` answers 200: 1 or 0, which it is while starting, while stopping, and while this process is not fit.',
  });
  const degraded = gauge({
    name: `${prefix}_degraded`,
    doc: 'Whether something is away that this process needs: 1 or 0. It serves, but not as it should.',
  });
  return {
    watch: (health) => {
      up.readBy(({ check }) => Number(health.stateOf(check) === 'up'));
      ready.readBy(() => Number(health.report().status === 'ready'));
      degraded.readBy(() => Number(health.report().degraded));
    },
  };
}

/** What is shown of a process's health. */
export interface HealthMetrics {
  /** Says whose health it is; before that all of it is 0. */
  watch(health: Pick<HealthRegistry, 'report' | 'stateOf'>): void;
}
