import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { limits } from '@parlance/proto';
import { createOpsServer, NestLogger, type OpsServer } from '@parlance/runtime';
import { AppModule } from './app.module.js';
import { assemble } from './assembly/assemble.js';
import type { GatewayParts } from './assembly/gateway-parts.js';
import { certificatesInUse } from './certificates-in-use.js';
import { isOriginAllowed } from './features/auth/origins/origin-policy.js';
import { docsParts } from './features/docs/pages/docs-parts.js';
import { exactRequest, requireUtf8 } from './features/http/exact-request.middleware.js';
import { HttpErrorFilter } from './features/http/http-error.filter.js';
import { httpRateLimit } from './features/http/http-rate-limit.middleware.js';
import { requestStart } from './features/http/request-start.middleware.js';
import { ChatIoAdapter } from './features/websocket/transport/chat-io.adapter.js';

/**
 * Starts a gateway; resolves when it listens. Rejects when a port is taken. It is ready for the first time when a stream
 * to the chat service is up; what is lost later does not change that. `beforeReady` runs once, just before.
 */
export async function startGateway(parts: GatewayParts, beforeReady = () => {}): Promise<RunningGateway> {
  const { config, logger, metrics, health } = parts;
  metrics.health.watch(health);
  const certificates = certificatesInUse(config);
  metrics.certificates.readBy(({ use }) => certificates[use]);
  const ops = createOpsServer({ port: config.opsPort, host: config.host, health, registry: metrics.registry, logger });
  const opsPort = await ops.listen();
  try {
    return await startServing(parts, { ops, opsPort }, beforeReady);
  } catch (thrown) {
    await ops.close();
    throw thrown;
  }
}

async function startServing(
  parts: GatewayParts,
  { ops, opsPort }: { readonly ops: OpsServer; readonly opsPort: number },
  beforeReady: () => void,
): Promise<RunningGateway> {
  const { config, logger, health } = parts;
  const gateway = await assemble(parts);
  const { journal, rateLimits, dispatcher, busyRooms } = gateway;
  ops.addPage('/top-rooms', () => busyRooms.list());
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(gateway, docsParts(config)), {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.use(requestStart(config.allowedOrigins, health, journal));
  app.enableCors({ origin: (origin, decide) => decide(null, isOriginAllowed(origin, config.allowedOrigins)) });
  app.use('/api', httpRateLimit(rateLimits, config.trustProxyHops));
  app.use('/api/v1', exactRequest);
  app.useBodyParser('json', { limit: limits.eventBytes, verify: requireUtf8 });
  app.useGlobalFilters(new HttpErrorFilter(journal));
  const adapter = new ChatIoAdapter(app, config, (socket) => dispatcher.attach(socket));
  app.useWebSocketAdapter(adapter);
  await rateLimits.firstAttempt();
  await app.init();
  await gateway.start();
  await app.listen(config.port, config.host);
  void gateway.firstUp.then(() => {
    beforeReady();
    health.markStarted();
    logger.info('gateway is ready');
  });

  const server: Server = app.getHttpServer();
  // The time for headers begins with a request, so it needs not be longer (Node 20 and 24, measured).
  server.keepAliveTimeout = config.keepAliveTimeoutMs;
  return {
    port: (server.address() as AddressInfo).port,
    opsPort,
    drain: async (signal) => {
      health.markDraining();
      await gateway.sendAway(signal);
      await adapter.disconnectAll();
    },
    close: async () => {
      gateway.stop();
      await app.close();
      gateway.close();
      health.close();
      await ops.close();
    },
  };
}

/** A gateway that listens. */
export interface RunningGateway {
  /** The port it is bound to. */
  readonly port: number;
  /** The port of probes and metrics. */
  readonly opsPort: number;
  /** Refuses new handshakes, finishes what is in flight until `signal` aborts, closing every socket when its time has come. */
  drain(signal: AbortSignal): Promise<void>;
  /** Ends listeners, streams and subscriptions. */
  close(): Promise<void>;
}
