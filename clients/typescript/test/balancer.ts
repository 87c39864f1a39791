import { connect, createServer, type Socket } from 'node:net';

/** A WebSocket frame with Engine.IO's `ping`. */
const heartbeat = Buffer.from([0x81, 0x01, 0x32]);

/** One address in front of several gateways; a test says which of them the next connection reaches. */
export interface Balancer extends AsyncDisposable {
  readonly url: string;
  /** Where connections go from now on; those that stand stay. */
  target: string;
  /** Cuts all connections without a word. */
  cut(): void;
  /** Nothing comes through the connections that there are any more, and they stay open, as when a network goes away. */
  freeze(): Frozen;
}

/** Connections that were frozen. */
export interface Frozen {
  /** Heartbeats that the gateway has sent into the void by now; it sends one every 25 s. */
  readonly heartbeats: number;
}

/** Starts one on a port that the system chooses. */
export async function startBalancer(target: string): Promise<Balancer> {
  const sockets = new Set<Socket>();
  const upstreams = new Set<Socket>();
  const server = createServer((client) => {
    const { hostname, port } = new URL(balancer.target);
    const upstream = connect(Number(port), hostname);
    const ends = [client, upstream];
    upstreams.add(upstream);
    upstream.on('close', () => upstreams.delete(upstream));
    for (const end of ends) {
      sockets.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        sockets.delete(end);
        for (const other of ends) other.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const freeze = (): Frozen => {
    const frozen = { heartbeats: 0 };
    for (const socket of sockets) {
      socket.unpipe();
      socket.removeAllListeners('close');
      if (!upstreams.has(socket)) continue;
      socket.on('data', (data: Buffer) => {
        if (data.includes(heartbeat)) frozen.heartbeats += 1;
      });
      socket.resume();
    }
    return frozen;
  };
  const balancer: Balancer = {
    url: `http://127.0.0.1:${address.port}`,
    target,
    cut,
    freeze,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return balancer;
}
