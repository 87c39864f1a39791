import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, startMongo, startProcess, startRedis, waitForReady } from '@parlance/devstack';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** One real gateway and one real chat service on a real MongoDB and Redis; `await using` stops them. */
export async function startStack(directory: string): Promise<AsyncDisposable & { readonly gatewayUrl: string }> {
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
        args: [join(root, 'services', name, 'dist', 'main.js')],
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
      JWT_SECRET: 'demo-jwt-signing-key-for-load-tests-only',
      DEV_TOKENS: 'true',
    });
    return { gatewayUrl: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
