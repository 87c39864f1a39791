import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_SECRETS } from '../demo-secrets.js';
import type { ServicePlan, ServiceSpec } from './service-spec.js';

/**
 * Parlance's own services with the variables of their `config.ts`: the chat service first, then the gateway that talks to it.
 * Throws at once, before any server is started, when they are not built.
 */
export function productServices(repositoryRoot: string, ports: ServicePorts): ServicePlan {
  const chatService = program(repositoryRoot, 'services/chat-service');
  const gateway = program(repositoryRoot, 'services/gateway');
  const missing = [chatService, gateway].filter(({ entry }) => !existsSync(entry)).map(({ entry }) => entry);
  if (missing.length > 0) throw new Error(`not built: ${missing.join(', ')}. Run "npm run build" first.`);

  return ({ mongoUri, redisMode, redisAddresses }) => {
    const shared = {
      REDIS_NODES: redisAddresses.join(','),
      REDIS_MODE: redisMode,
      SERVICE_CREDENTIAL: DEMO_SECRETS.serviceCredential,
      DRAIN_DELAY_MS: '0', // no load balancer has to hear of a stop
    };
    const chatServices = ports.chatService.map((port, index): ServiceSpec => {
      const opsPort = ports.chatServiceOps[index] as number;
      return {
        name: numbered('chat-service', index, ports.chatService),
        ...chatService,
        env: {
          ...shared,
          MONGO_URI: mongoUri,
          GRPC_HOST: '127.0.0.1',
          GRPC_PORT: String(port),
          OPS_PORT: String(opsPort),
          BODY_HASH_KEY: DEMO_SECRETS.bodyHashKey,
        },
        address: `127.0.0.1:${port}`,
        readyUrl: `http://127.0.0.1:${opsPort}/readyz`,
      };
    });
    const gateways = ports.gateway.map(
      (port, index): ServiceSpec => ({
        name: numbered('gateway', index, ports.gateway),
        ...gateway,
        env: {
          ...shared,
          HOST: '127.0.0.1', // anybody who reaches this gateway gets a token
          PORT: String(port),
          CHAT_SERVICE_TARGETS: chatServices.map(({ address }) => address).join(','),
          JWT_SECRET: DEMO_SECRETS.jwtSecret,
          JWT_ISSUER: 'parlance',
          JWT_AUDIENCE: 'parlance-chat',
          DEV_TOKENS: 'true',
          ALLOWED_ORIGINS: 'http://localhost:*,http://127.0.0.1:*',
        },
        address: `http://127.0.0.1:${port}`,
        readyUrl: `http://127.0.0.1:${port}/readyz`,
      }),
    );
    return [chatServices, gateways, webPages(repositoryRoot, ports, gateways[0]?.address ?? '')];
  };
}

/** Ports of each instance. */
export interface ServicePorts {
  /** gRPC. */
  readonly chatService: readonly number[];
  /** Health and metrics. */
  readonly chatServiceOps: readonly number[];
  readonly gateway: readonly number[];
  readonly web: readonly number[];
}

/** The web client's page, where it is built; nothing else needs it. */
function webPages(repositoryRoot: string, { web }: ServicePorts, gatewayUrl: string): readonly ServiceSpec[] {
  const folder = join(repositoryRoot, 'clients', 'web');
  const entry = join(folder, 'dist-server', 'serve.js');
  if (!existsSync(entry) || !existsSync(join(folder, 'dist-web', 'index.html'))) return [];
  const { version } = program(repositoryRoot, 'clients/web');
  return web.map((port) => ({
    name: 'web',
    version,
    entry,
    env: { WEB_PORT: String(port), HOST: '127.0.0.1', GATEWAY_URL: gatewayUrl },
    address: `http://127.0.0.1:${port}`,
    readyUrl: `http://127.0.0.1:${port}/readyz`,
  }));
}

function numbered(name: string, index: number, all: readonly unknown[]): string {
  return all.length === 1 ? name : `${name}-${index + 1}`;
}

function program(repositoryRoot: string, workspace: string): Pick<ServiceSpec, 'entry' | 'version'> {
  const manifest = JSON.parse(readFileSync(join(repositoryRoot, workspace, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return { entry: join(repositoryRoot, workspace, 'dist', 'main.js'), version: manifest.version };
}
