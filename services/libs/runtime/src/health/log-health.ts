import type { Logger } from 'pino';
import type { HealthRegistry } from './health-registry.js';

/**
 * Writes one line whenever other critical checks fail than before, with the reasons, and one when none does any more; not
 * while the process starts, when whoever waits for something says so, nor while it stops.
 */
export function logHealth(
  health: Pick<HealthRegistry, 'onCheck' | 'onStatus' | 'report'>,
  logger: Pick<Logger, 'info' | 'warn'>,
): void {
  let told = '';
  const look = (): void => {
    const { started, draining, checks } = health.report();
    if (!started || draining) return;
    const failing = checks.filter(({ critical, state }) => critical && state === 'down');
    const names = failing.map(({ name }) => name).join(' ');
    if (names === told) return;
    told = names;
    if (names === '') logger.info('degraded no longer');
    else logger.warn({ checks: failing.map(({ name, detail }) => ({ name, reason: detail })) }, 'degraded');
  };
  health.onCheck(look);
  health.onStatus(look);
}
