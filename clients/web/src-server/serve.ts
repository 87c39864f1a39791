import { fileURLToPath } from 'node:url';
import { loadAssets } from './assets.js';
import { loadServeConfig } from './serve.config.js';
import { createWebServer } from './web-server.js';

/** Serves `dist-web` until SIGTERM or SIGINT. Exits with 1 when the environment is wrong or the port is taken. */
const config = loadServeConfig(fail);
const assets = await loadAssets(fileURLToPath(new URL('../dist-web/', import.meta.url))).catch((error: unknown) =>
  fail([`there is no built page: run "vite build" first (${error instanceof Error ? error.message : String(error)})`]),
);
const server = createWebServer(assets, config.gatewayUrl);
server.keepAliveTimeout = config.keepAliveTimeoutMs;
server.on('error', (error) => fail([error.message]));
server.listen(config.port, config.host, () => {
  process.stdout.write(`web: http://${config.host}:${config.port}, for the gateway at ${config.gatewayUrl}\n`);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeIdleConnections();
    // Answers under way get two seconds.
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
}

function fail(faults: readonly string[]): never {
  for (const fault of faults) process.stderr.write(`web: ${fault}\n`);
  process.exit(1);
}
