import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type LineWeather, TcpLine } from './tcp-line.js';

/**
 * Stands between clients and servers on loopback and misbehaves on demand: cuts, delays, narrows, or holds back what passes,
 * on all connections or on some. Order and content of a connection's bytes are kept, as TCP does.
 */
export class TcpProxy implements AsyncDisposable {
  private readonly pairs = new Set<Pair>();
  private delayMs = 0;
  private stalled = false;
  private narrowness: { readonly bytesPerSecond: number; readonly isConcerned: () => boolean } | undefined;

  private constructor(
    private readonly server: Server,
    private readonly nextTarget: () => number,
  ) {
    server.on('connection', (client: Socket) => this.accept(client));
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

  /** Cuts the connections that are named with a reset; default all. */
  reset(isConcerned: () => boolean = () => true): void {
    for (const { client, server } of [...this.pairs].filter(isConcerned)) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** Everything that comes from now on passes this much later; 0 ends it. */
  slow(ms: number): void {
    this.delayMs = ms;
  }

  /** The connections that are named, those to come among them, pass so much each way; `widen` ends it. */
  narrow(bytesPerSecond: number, isConcerned: () => boolean): void {
    this.narrowness = { bytesPerSecond, isConcerned };
    for (const pair of this.pairs) if (isConcerned()) pair.bytesPerSecond = bytesPerSecond;
  }

  /** Ends what `narrow` began, for all connections. */
  widen(): void {
    this.narrowness = undefined;
    for (const pair of this.pairs) pair.bytesPerSecond = undefined;
  }

  /**
   * On the connections that are named nothing passes any more and nothing is lost, as on a phone that has lost its network;
   * they stay open. The function that it answers ends it.
   */
  freeze(isConcerned: () => boolean): () => void {
    const frozen = [...this.pairs].filter(isConcerned);
    for (const { lines } of frozen) for (const line of lines) line.freeze();
    return () => {
      for (const { lines } of frozen) for (const line of lines) line.thaw();
    };
  }

  /** Nothing passes on any connection, nor on new ones. */
  stall(): void {
    this.stalled = true;
    this.freeze(() => true);
  }

  /** Ends a stall. */
  flow(): void {
    this.stalled = false;
    for (const { lines } of this.pairs) for (const line of lines) line.thaw();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.reset();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    const server = connect({ port: this.nextTarget(), host: '127.0.0.1', noDelay: true });
    const pair: Pair = { client, server, lines: [], bytesPerSecond: undefined };
    const weather = (): LineWeather => ({ delayMs: this.delayMs, bytesPerSecond: pair.bytesPerSecond });
    this.pairs.add(pair);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      pair.lines.push(new TcpLine(from, to, weather));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.pairs.delete(pair);
        to.destroy();
      });
    }
    if (this.narrowness?.isConcerned()) pair.bytesPerSecond = this.narrowness.bytesPerSecond;
    if (this.stalled) for (const line of pair.lines) line.freeze();
  }
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly lines: TcpLine[];
  bytesPerSecond: number | undefined;
}
