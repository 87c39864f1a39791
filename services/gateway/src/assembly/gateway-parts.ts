import type { HealthRegistry, Logger } from '@parlance/runtime';
import type { Clock } from '../clock.js';
import type { GatewayConfig } from '../config.js';
import type { GatewayMetrics } from '../metrics.js';

/** What the process has before the gateway is put together. */
export interface GatewayParts {
  readonly config: GatewayConfig;
  readonly logger: Logger;
  readonly metrics: GatewayMetrics;
  readonly health: HealthRegistry;
}

/** What every part of the assembly has at hand. */
export interface AssemblyParts extends GatewayParts {
  readonly clock: Clock;
}
