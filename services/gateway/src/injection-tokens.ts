/** Injection tokens of what is made before Nest starts and shared by all features. */
export const CONFIG = Symbol('GatewayConfig');

/** The process's logger, a pino `Logger`. */
export const LOGGER = Symbol('Logger');

/** {@link GatewayMetrics}. */
export const METRICS = Symbol('GatewayMetrics');

/** The runtime's `HealthRegistry`. */
export const HEALTH = Symbol('HealthRegistry');
