import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, programEntry, startMongo, startProcess, startRedis, waitForReady } from '@parlance/devstack';

const jwtSecret = 'demo-jwt-signing-key-for-load-tests-only';
const root = fileURLToPath(new URL('../../', import.meta.url));

/** One real gateway and one real chat service on a real MongoDB and Redis; `await using` stops them. */
export async function startStack(directory: string): Promise<LoadtestStack> {
  const stack = new AsyncDisposableStack();
  try {
    const mongo = await startMongo({ replicas: 1, dataDir: join(directory, 'mongo') });
    stack.defer(() => mongo.kill());
    const redis = await startRedis({ mode: 'single', dataDir: join(directory, 'redis') });
    stack.defer(() => redis.stop());
    const [grpcPort = 0, opsPort = 0, port = 0, gatewayOpsPort = 0] = await freePorts(4);
    const shared = {
      REDIS_MODE: redis.mode,
      REDIS_NODES: redis.addresses.join(','),
      SERVICE_CREDENTIAL: 'demo-service-credential-for-load-tests-only',
      SHUTDOWN_GRACE_MS: '5000',
      DRAIN_DELAY_MS: '0',
    };
    const start = async (name: string, healthPort: number, env: Readonly<Record<string, string>>): Promise<void> => {
      const service = await startProcess({
        name,
        command: process.execPath,
        args: [programEntry(root, `services/${name}`)],
        env: { ...shared, ...env },
        logFile: join(directory, `${name}.log`),
        ready: ({ signal }) => waitForReady(`http://127.0.0.1:${healthPort}/readyz`, signal, () => undefined),
      });
      stack.defer(() => service.stop());
    };
    await start('chat-service', opsPort, {
      MONGO_URI: mongo.uri.replace('/?', '/parlance?'),
      GRPC_HOST: '127.0.0.1',
      GRPC_PORT: `${grpcPort}`,
      OPS_PORT: `${opsPort}`,
      BODY_HASH_KEY: 'demo-body-hash-key-for-load-tests-only-0',
    });
    await start('gateway', gatewayOpsPort, {
      HOST: '127.0.0.1',
      PORT: `${port}`,
      OPS_PORT: `${gatewayOpsPort}`,
      CHAT_SERVICE_TARGETS: `127.0.0.1:${grpcPort}`,
      JWT_SECRET: jwtSecret,
      DEV_TOKENS: 'true',
      // On a busy machine these may take longer than anybody would wait, and that is no fault here.
      AUTH_TIMEOUT_MS: '60000',
      REQUEST_TIMEOUT_MS: '120000',
    });
    return { gatewayUrl: `http://127.0.0.1:${port}`, jwtSecret, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** A running stack. */
export interface LoadtestStack extends AsyncDisposable {
  readonly gatewayUrl: string;
  /** With what the gateway's tokens are signed. */
  readonly jwtSecret: string;
}
