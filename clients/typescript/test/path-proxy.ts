import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A gateway published under a path. */
export interface PathProxy extends AsyncDisposable {
  /** Origin of the proxy. */
  readonly origin: string;
}

/** Serves what lies below `path` from a gateway, which does not see that path; answers 404 to everything else. */
export async function startPathProxy(path: string, gatewayUrl: string): Promise<PathProxy> {
  const { hostname, port } = new URL(gatewayUrl);
  const target = (url = '/'): string | undefined => (url.startsWith(`${path}/`) ? url.slice(path.length) : undefined);
  const server = createServer((incoming, outgoing) => {
    const below = target(incoming.url);
    if (below === undefined) return void outgoing.writeHead(404).end();
    const { method, headers } = incoming;
    incoming.pipe(
      request({ hostname, port, path: below, method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (incoming, client) => {
    upgraded.add(client);
    client.on('close', () => upgraded.delete(client));
    const below = target(incoming.url);
    client.on('error', () => undefined);
    if (below === undefined) return void client.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    const upstream = connect(Number(port), hostname);
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
    const { rawHeaders } = incoming;
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
    upstream.write(`GET ${below} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    upstream.pipe(client).pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      for (const client of upgraded) client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
