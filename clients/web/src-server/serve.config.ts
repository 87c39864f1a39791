/**
 * Reads what the web server needs from the environment: `WEB_PORT` (8080), `HOST` (127.0.0.1), `GATEWAY_URL`
 * (http://127.0.0.1:3000) and `KEEP_ALIVE_TIMEOUT_MS` (75000). Empty counts as not set. Calls `fail` with all faults at once.
 */
export function loadServeConfig(
  fail: (faults: readonly string[]) => never,
  env: NodeJS.ProcessEnv = process.env,
): ServeConfig {
  const port = Number(env['WEB_PORT'] || 8080);
  const gatewayUrl = URL.parse(env['GATEWAY_URL'] || 'http://127.0.0.1:3000');
  const keepAliveTimeoutMs = Number(env['KEEP_ALIVE_TIMEOUT_MS'] || 75_000);
  const faults: string[] = [];
  if (!Number.isInteger(port) || port < 0 || port > 65_535) faults.push('WEB_PORT: must be a port between 0 and 65535');
  if (!Number.isInteger(keepAliveTimeoutMs) || keepAliveTimeoutMs < 1_000 || keepAliveTimeoutMs > 3_600_000) {
    faults.push('KEEP_ALIVE_TIMEOUT_MS: must be milliseconds between 1000 and 3600000');
  }
  if (gatewayUrl === null || !/^https?:$/.test(gatewayUrl.protocol)) {
    faults.push('GATEWAY_URL: must be an http or https URL');
  } else if (gatewayUrl.search !== '' || gatewayUrl.hash !== '' || gatewayUrl.username !== '') {
    faults.push('GATEWAY_URL: must have no query, no fragment and no credentials');
  }
  if (gatewayUrl === null || faults.length > 0) return fail(faults);
  return {
    port,
    host: env['HOST'] || '127.0.0.1',
    gatewayUrl: gatewayUrl.href.replace(/\/+$/, ''),
    keepAliveTimeoutMs,
  };
}

/** See {@link loadServeConfig}. */
export interface ServeConfig {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  /** Base URL of the gateway as browsers reach it, without a slash at its end; a path is one that a proxy publishes it under. */
  readonly gatewayUrl: string;
  /** How long an idle connection is kept: longer than a load balancer in front keeps its own. */
  readonly keepAliveTimeoutMs: number;
}
