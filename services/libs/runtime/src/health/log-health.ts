import type { Logger } from 'pino';
import type { HealthRegistry } from './health-registry.js';

/**
 * Writes one line whenever other critical checks fail than before, with the reasons, and one when none does any more. Results from
 * while the process starts do not count, when whoever waits for something says so, nor those from while it stops.
 */
export function logHealth(
  health: Pick<HealthRegistry, 'onResult' | 'report'>,
  logger: Pick<Logger, 'info' | 'warn'>,
): void {
  const reasons = new Map<string, string | undefined>();
  health.onResult(({ name, critical, state, detail }) => {
    const { started, draining } = health.report();
    const isFailing = critical && state === 'down';
    if (!started || draining || reasons.has(name) === isFailing) return;
    if (isFailing) reasons.set(name, detail);
    else reasons.delete(name);
    if (reasons.size === 0) logger.info('degraded no longer');
    else logger.warn({ checks: [...reasons].map(([failing, reason]) => ({ name: failing, reason })) }, 'degraded');
  });
}
