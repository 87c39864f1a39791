import { readFileSync } from 'node:fs';
import { createLogger, createShutdown, HealthRegistry, loadConfig, startTracing } from '@parlance/runtime';
import 'reflect-metadata';
import { gatewayConfig } from './config.js';
import { createGatewayMetrics } from './metrics.js';
import { startGateway } from './start-gateway.js';

const config = loadConfig(gatewayConfig);
const logger = createLogger({ name: 'gateway', level: config.logLevel });
const shutdown = createShutdown({ graceMs: config.shutdownGraceMs, logger, elapsedMs: () => performance.now() });
const tracing = await startTracing({ serviceName: 'gateway', endpoint: config.otlpEndpoint });
shutdown.add('tracing', () => tracing.shutdown());

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const health = new HealthRegistry();
const gateway = await startGateway({ config, logger, metrics: createGatewayMetrics(version), health });
shutdown.add('close', () => gateway.close());
shutdown.add('drain', (signal) => gateway.drain(signal));
shutdown.announce(() => health.markDraining(), config.drainDelayMs);
logger.info({ port: gateway.port, opsPort: gateway.opsPort }, 'gateway listens');
