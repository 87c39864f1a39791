import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Registry } from '../metrics/create-metrics.js';
import { renderMetrics } from '../metrics/render-metrics.js';
import type { HealthRegistry } from './health-registry.js';
import { livez, readyz } from './probes.js';

/** Makes the small HTTP server of a process for probes and scrapes: `GET /livez`, `/readyz`, `/metrics`, and pages that are added. */
export function createOpsServer(options: OpsServerOptions): OpsServer {
  const pages = new Map<string, Page>();
  const server = createServer((request, response) => {
    answer(request, options, pages).then(
      (result) => send(response, request.method, result),
      (thrown: unknown) => {
        options.logger.error({ err: thrown }, 'an operations request failed');
        send(response, request.method, text(500, 'internal error\n'));
      },
    );
  });
  server.keepAliveTimeout = 65_000;
  return {
    addPage: (path, page) => void pages.set(path, page),
    listen: () => listen(server, options),
    close: () => close(server),
  };
}

/** Where the server listens and what it shows. */
export interface OpsServerOptions {
  /** TCP port; 0 lets the system choose. */
  readonly port: number;
  /** Address to bind. Default: all of them, for the kubelet and Prometheus come from outside the pod. */
  readonly host?: string;
  readonly health: HealthRegistry;
  readonly registry: Registry;
  readonly logger: Pick<Logger, 'error'>;
}

/** A server for probes and scrapes. */
export interface OpsServer {
  /** Resolves with the bound port; rejects when the address is taken. */
  listen(): Promise<number>;
  /** Adds a page for operators: what it resolves with is answered as JSON, and with 500 when it rejects. */
  addPage(path: string, page: Page): void;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

type Page = () => Promise<object>;

interface Answer {
  readonly statusCode: number;
  readonly contentType: string;
  readonly body: string;
}

async function answer(
  request: IncomingMessage,
  { health, registry }: OpsServerOptions,
  pages: ReadonlyMap<string, Page>,
): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'method not allowed\n');
  const path = request.url?.split('?', 1)[0] ?? '';
  const page = pages.get(path);
  if (page) return json({ statusCode: 200, body: await page() });
  switch (path) {
    case '/livez':
      return json(livez(health));
    case '/readyz':
      return json(readyz(health));
    case '/metrics':
      return { statusCode: 200, ...(await renderMetrics(registry)) };
    default:
      return text(404, 'not found\n');
  }
}

function json({ statusCode, body }: { statusCode: number; body: unknown }): Answer {
  return { statusCode, contentType: 'application/json; charset=utf-8', body: `${JSON.stringify(body)}\n` };
}

function text(statusCode: number, body: string): Answer {
  return { statusCode, contentType: 'text/plain; charset=utf-8', body };
}

function send(response: ServerResponse, method: string | undefined, { statusCode, contentType, body }: Answer): void {
  const headers = {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  };
  response.writeHead(statusCode, headers).end(method === 'HEAD' ? undefined : body);
}

async function listen(server: Server, { port, host }: OpsServerOptions): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
