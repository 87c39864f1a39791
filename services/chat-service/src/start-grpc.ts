import type { Server } from '@grpc/grpc-js';
import { NestFactory } from '@nestjs/core';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { chatProto } from '@parlance/proto';
import { type GrpcTlsConfig, type HealthRegistry, hostPort, NestLogger } from '@parlance/runtime';
import { AppModule } from './app.module.js';
import type { ChatServiceParts } from './assembly/chat-service-parts.js';
import type { ChatServiceConfig } from './config.js';
import { GrpcErrorFilter } from './errors/grpc-error.filter.js';
import { addHealthService } from './features/calls/add-health-service.js';
import { addReflection } from './features/calls/add-reflection.js';
import { CallRunner } from './features/calls/call-runner.js';
import { loadService } from './features/calls/load-service.js';
import { requireServiceCredential } from './features/calls/service-credential.js';
import { serverCredentials } from './server-credentials.js';

/** A listening gRPC server. */
export interface GrpcServer {
  /** Tells gateways to send new calls elsewhere; serves on. */
  leave(): void;
  /** Refuses new calls and resolves when those under way are answered. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

/** Parts of the application, and where to listen. */
export interface GrpcOptions extends ChatServiceParts {
  readonly config: ChatServiceParts['config'] &
    Pick<ChatServiceConfig, 'grpcHost' | 'grpcPort' | 'grpcReflection' | 'serviceCredentials'> &
    GrpcTlsConfig;
  /** What `grpc.health.v1` answers. */
  readonly health: Pick<HealthRegistry, 'onStatus'>;
}

/** Starts the application on gRPC. Resolves when the port is bound. */
export async function startGrpc(options: GrpcOptions): Promise<GrpcServer> {
  const { config, logger, metrics, health } = options;
  const credential = requireServiceCredential(config.serviceCredentials, () =>
    metrics.calls.inc({ operation: 'any', code: 'UNAUTHENTICATED' }),
  );
  const application = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule.of(options), {
    transport: Transport.GRPC,
    options: {
      url: hostPort(config.grpcHost, config.grpcPort),
      package: chatProto.package,
      packageDefinition: loadService(),
      credentials: serverCredentials(config),
      onLoadPackageDefinition: (_definition: unknown, server: Server) => {
        addHealthService(server, health);
        if (config.grpcReflection) addReflection(server);
      },
      // Nest hands these to `new Server(...)` as they are; interceptors are among what it takes.
      channelOptions: { interceptors: [credential], 'grpc.keepalive_time_ms': 10_000 } as never,
      maxReceiveMessageLength: 8 * 1024 * 1024,
      maxSendMessageLength: 64 * 1024 * 1024,
    },
    logger: new NestLogger(logger),
  });
  application.useGlobalFilters(new GrpcErrorFilter());
  await application.listen();
  const runner = application.get(CallRunner);
  return { leave: () => runner.leave(), drain: () => runner.drain(), close: () => application.close() };
}
