import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, programEntry, startProcess, waitForReady } from '@parlance/devstack';
import type { MeasuredProcess, RoomPeople, RunningSystem } from './running-system.ts';
import type { Servers } from './servers.ts';

/** Which Parlance, and how much of it. */
export interface ParlanceOptions {
  /** Default "parlance". */
  readonly name?: string;
  /** Checkout whose built services run; default: this one. */
  readonly checkout?: string | undefined;
  /** Default 1. */
  readonly gateways?: number;
  /** More environment for every service. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments for the Node of every service, as `--cpu-prof`. */
  readonly nodeArgs?: readonly string[];
}

/** Starts one chat service and some gateways on these servers, with all guarantees as they come and rates that no load meets. */
export async function startParlance(servers: Servers, options: ParlanceOptions = {}): Promise<RunningSystem> {
  const { name = 'parlance', checkout = root, nodeArgs = [] } = options;
  const stack = new AsyncDisposableStack();
  const processes: MeasuredProcess[] = [];
  const start = async (service: string, label: string, opsPort: number, env: Record<string, string>): Promise<void> => {
    const started = await startProcess({
      name: `${name}-${label}`,
      command: process.execPath,
      args: [...nodeArgs, programEntry(checkout, `services/${service}`)],
      env: { ...unlimited, ...shared(servers), ...options.env, ...env },
      logFile: join(servers.directory, `${name}-${label}.log`),
      ready: ({ signal }) => waitForReady(`http://127.0.0.1:${opsPort}/readyz`, signal, () => undefined),
    });
    stack.defer(() => started.stop());
    processes.push({ name: label, pid: started.pid });
  };
  try {
    const [grpcPort = 0, opsPort = 0] = await freePorts(2);
    await start('chat-service', 'chat-service', opsPort, {
      MONGO_URI: servers.mongo.uri.replace(/\/(?=\?|$)/, `/${name}`),
      GRPC_HOST: '127.0.0.1',
      GRPC_PORT: `${grpcPort}`,
      OPS_PORT: `${opsPort}`,
      BODY_HASH_KEY: 'demo-body-hash-key-for-load-tests-only-0',
    });
    const urls: string[] = [];
    const opsUrls: string[] = [];
    const { gateways = 1 } = options;
    for (let index = 0; index < gateways; index++) {
      const [port = 0, gatewayOpsPort = 0] = await freePorts(2);
      await start('gateway', gateways === 1 ? 'gateway' : `gateway-${index + 1}`, gatewayOpsPort, {
        HOST: '127.0.0.1',
        PORT: `${port}`,
        OPS_PORT: `${gatewayOpsPort}`,
        CHAT_SERVICE_TARGETS: `127.0.0.1:${grpcPort}`,
        JWT_SECRET: jwtSecret,
      });
      urls.push(`http://127.0.0.1:${port}`);
      opsUrls.push(`http://127.0.0.1:${gatewayOpsPort}`);
    }
    return {
      name,
      ordered: true,
      processes,
      opsUrls,
      addressOf: (user, index) => ({
        // Ten neighbours share a gateway, and so do the members of a room of ten.
        url: urls[Math.floor(index / 10) % urls.length] ?? '',
        namespace: '/chat',
        token: tokenOf(user),
        readyEvent: 'ready',
      }),
      createRoom,
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const jwtSecret = 'demo-jwt-signing-key-for-load-tests-only';

/** Rates that no load meets. What it costs to keep count of them is paid all the same. */
const unlimited = Object.fromEntries(
  [
    'SEND_PER_USER_PER_SECOND',
    'SEND_PER_USER_BURST',
    'SEND_PER_ROOM_PER_SECOND',
    'SEND_PER_ROOM_BURST',
    'SOCKET_SENDS_PER_SECOND',
    'SOCKET_READS_PER_SECOND',
    'SOCKET_RECEIPTS_PER_SECOND',
    'SOCKET_CHANGES_PER_SECOND',
    'HANDSHAKES_PER_IP_PER_MINUTE',
    'HTTP_PER_IP_PER_MINUTE',
  ].map((name) => [name, '100000']),
);

function shared({ redis }: Servers): Record<string, string> {
  return {
    REDIS_MODE: redis.mode,
    REDIS_NODES: redis.addresses.join(','),
    SERVICE_CREDENTIAL: 'demo-service-credential-for-load-tests-only',
    // Thousands connect at once, on a machine of two cores that also has to be the thousands.
    AUTH_TIMEOUT_MS: '60000',
    SHUTDOWN_GRACE_MS: '5000',
    DRAIN_DELAY_MS: '0',
  };
}

async function createRoom({ users, request }: RoomPeople): Promise<string> {
  const ack = (await request(0, 'createRoom', { roomType: 'group', participants: users.slice(1) })) as {
    readonly success: boolean;
    readonly data: { readonly roomId: string };
  };
  if (!ack.success) throw new Error(`a room was not made: ${JSON.stringify(ack)}`);
  return ack.data.roomId;
}

/** A token of an hour, HS256, as an identity provider would give it. */
function tokenOf(user: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const header = { alg: 'HS256', typ: 'JWT' };
  const claims = { sub: user, iss: 'parlance', aud: 'parlance-chat', iat: now, exp: now + 3_600 };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createHmac('sha256', jwtSecret).update(signed).digest('base64url')}`;
}
