import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_SECRETS } from '../demo-secrets.js';
import { DEMO_ISSUER } from '../demo-token.js';
import { loadLocations } from '../locations.config.js';
import { programEntry } from './program-entry.js';
import type { RunningServers, ServicePlanner, ServiceSpec, StepSpec } from './service-spec.js';

/**
 * Parlance's own services with the variables of their `config.ts`: the chat service first, then the gateway that talks to it; on a
 * sharded MongoDB first of all the jobs that make the months there. Throws at once, before any server is started, when they are not built.
 */
export function productServices(repositoryRoot: string, ports: ServicePorts): ServicePlanner {
  const chatService = program(repositoryRoot, 'services/chat-service');
  const gateway = program(repositoryRoot, 'services/gateway');
  const jobs = program(repositoryRoot, 'jobs');
  const missing = [chatService, gateway, jobs].filter(({ entry }) => !existsSync(entry)).map(({ entry }) => entry);
  if (missing.length > 0) throw new Error(`not built: ${missing.join(', ')}. Run "npm run build" first.`);

  return (servers) => {
    const { mongoUri, redisMode, redisAddresses } = servers;
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
        ...chatService.run,
        env: {
          ...shared,
          MONGO_URI: mongoUri,
          GRPC_HOST: '127.0.0.1',
          GRPC_PORT: String(port),
          GRPC_REFLECTION: 'true',
          OPS_PORT: String(opsPort),
          BODY_HASH_KEY: DEMO_SECRETS.bodyHashKey,
        },
        address: `127.0.0.1:${port}`,
        readyUrl: `http://127.0.0.1:${opsPort}/readyz`,
      };
    });
    const gateways = ports.gateway.map((port, index): ServiceSpec => {
      const opsPort = ports.gatewayOps[index] as number;
      return {
        name: numbered('gateway', index, ports.gateway),
        ...gateway.run,
        env: {
          ...shared,
          HOST: '127.0.0.1', // anybody who reaches this gateway gets a token
          PORT: String(port),
          OPS_PORT: String(opsPort),
          CHAT_SERVICE_TARGETS: chatServices.map(({ address }) => address).join(','),
          JWT_SECRET: DEMO_SECRETS.jwtSecret,
          JWT_ISSUER: DEMO_ISSUER.issuer,
          JWT_AUDIENCE: DEMO_ISSUER.audience,
          DEV_TOKENS: 'true',
          ALLOWED_ORIGINS: 'http://localhost:*,http://127.0.0.1:*',
        },
        address: `http://127.0.0.1:${port}`,
        readyUrl: `http://127.0.0.1:${opsPort}/readyz`,
      };
    });
    const balancers = ports.balancer.map((port) => balancer(port, gateways, gateway.run.version));
    const [entrance] = [...balancers, ...gateways];
    const pages = webPages(repositoryRoot, ports, entrance?.address ?? '');
    return { steps: steps(servers, jobs.entry), groups: [chatServices, gateways, balancers, pages] };
  };
}

/** Ports of each instance. */
export interface ServicePorts {
  /** gRPC. */
  readonly chatService: readonly number[];
  /** Health and metrics. */
  readonly chatServiceOps: readonly number[];
  /** The one address of all gateways, or none. */
  readonly balancer: readonly number[];
  readonly gateway: readonly number[];
  /** Health and metrics. */
  readonly gatewayOps: readonly number[];
  readonly web: readonly number[];
}

/** In a cluster the months are made by the jobs, sharded; elsewhere by the chat service. */
function steps({ mongo, mongoUri }: RunningServers, entry: string): readonly StepSpec[] {
  if (mongo === 'replicaSet') return [];
  return [{ name: 'jobs-create-months', entry, args: ['create-months'], env: { MONGO_URI: mongoUri } }];
}

/** Connections go to the gateways in turn. */
function balancer(port: number, gateways: readonly ServiceSpec[], version: string): ServiceSpec {
  const address = `http://127.0.0.1:${port}`;
  const dist = join(loadLocations().repositoryRoot, 'devstack', 'dist');
  const targets = gateways.map((gateway) => new URL(gateway.address).host).join(',');
  return {
    name: 'balancer',
    version,
    command: process.execPath,
    args: [join(dist, 'balancer', 'main.js'), '--port', String(port), '--targets', targets],
    env: {},
    address,
    // The gateways are ready by now; their own port for that is not behind it.
    readyUrl: `${address}/api/docs/openapi.json`,
  };
}

/** The web client's page, where it is built; nothing else needs it. */
function webPages(repositoryRoot: string, { web }: ServicePorts, gatewayUrl: string): readonly ServiceSpec[] {
  const folder = join(repositoryRoot, 'clients', 'web');
  const entry = join(folder, 'dist-server', 'serve.js');
  if (!existsSync(entry) || !existsSync(join(folder, 'dist-web', 'index.html'))) return [];
  const { version } = program(repositoryRoot, 'clients/web').run;
  return web.map((port) => ({
    name: 'web',
    version,
    command: process.execPath,
    args: [entry],
    env: { WEB_PORT: String(port), HOST: '127.0.0.1', GATEWAY_URL: gatewayUrl },
    address: `http://127.0.0.1:${port}`,
    readyUrl: `http://127.0.0.1:${port}/readyz`,
  }));
}

function numbered(name: string, index: number, all: readonly unknown[]): string {
  return all.length === 1 ? name : `${name}-${index + 1}`;
}

function program(repositoryRoot: string, workspace: string): Program {
  const manifest = JSON.parse(readFileSync(join(repositoryRoot, workspace, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  const entry = programEntry(repositoryRoot, workspace);
  return { entry, run: { command: process.execPath, args: [entry], version: manifest.version } };
}

interface Program {
  /** JavaScript file that Node runs. */
  readonly entry: string;
  readonly run: Pick<ServiceSpec, 'command' | 'args' | 'version'>;
}
