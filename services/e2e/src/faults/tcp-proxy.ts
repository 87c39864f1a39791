import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Stands between clients and servers on loopback and misbehaves on demand: cuts, delays, or holds back all that passes.
 * Order and content of a connection's bytes are kept, as TCP does.
 */
export class TcpProxy implements AsyncDisposable {
  readonly #pairs = new Set<Pair>();
  #delayMs = 0;
  #stalled = false;

  private constructor(
    private readonly server: Server,
    private readonly nextTarget: () => number,
  ) {
    server.on('connection', (client: Socket) => this.#accept(client));
  }

  /** Starts one on a free port; `nextTarget` names the port on 127.0.0.1 that the next connection goes to. */
  static async start(nextTarget: () => number): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    const proxy = new TcpProxy(server, nextTarget);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Cuts all connections with a reset. */
  reset(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** Everything that comes from now on passes this much later; 0 ends it. */
  slow(ms: number): void {
    this.#delayMs = ms;
  }

  /** Nothing passes any more and nothing is lost, as on a network that drops all packets; connections stay open. */
  stall(): void {
    this.#stalled = true;
    for (const { client, server } of this.#pairs) {
      client.pause();
      server.pause();
    }
  }

  /** Ends a stall. */
  flow(): void {
    this.#stalled = false;
    for (const { client, server } of this.#pairs) {
      client.resume();
      server.resume();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.reset();
    this.server.close();
    await once(this.server, 'close');
  }

  #accept(client: Socket): void {
    const server = connect({ port: this.nextTarget(), host: '127.0.0.1', noDelay: true });
    const pair = { client, server };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      let last: Promise<unknown> | undefined;
      from.on('data', (chunk: Buffer) => {
        if (this.#delayMs === 0 && last === undefined) return void to.write(chunk);
        const passed = Promise.all([last, delay(this.#delayMs)]).then(() => {
          to.write(chunk);
          if (last === passed) last = undefined;
        });
        last = passed;
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
    }
    if (this.#stalled) {
      client.pause();
      server.pause();
    }
  }
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}
