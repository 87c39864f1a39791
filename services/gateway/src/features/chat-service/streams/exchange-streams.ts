import { rendezvous } from '../routing/rendezvous.js';
import { RoomAffinity } from '../routing/room-affinity.js';
import type { OpenExchange } from './exchange-connection.js';
import { ExchangeStream, type StreamOwner } from './exchange-stream.js';

/**
 * The streams to all chat-service pods: which there are, which are up, and which of them takes a room. A room goes to its owner among
 * the pods that are up; while anything of it is in flight it stays with its pod (R11). Calls of no room take turns.
 */
export class ExchangeStreams {
  private readonly streams = new Map<string, ExchangeStream>();
  /** Of addresses that are gone, with calls that are not answered yet. */
  private readonly retired = new Set<ExchangeStream>();
  private readonly affinity = new RoomAffinity<ExchangeStream>();
  private turn = 0;

  constructor(
    private readonly open: OpenExchange,
    private readonly owner: StreamOwner,
  ) {}

  /** Opens streams to new addresses and gives up those that are gone, once their calls are answered. */
  setAddresses(addresses: readonly string[]): void {
    const wanted = new Set(addresses);
    for (const [address, stream] of this.streams) {
      if (wanted.has(address)) continue;
      this.streams.delete(address);
      this.retired.add(stream);
      this.closeIfIdle(stream);
    }
    for (const address of wanted) {
      if (!this.streams.has(address)) this.streams.set(address, new ExchangeStream(address, this.open, this.owner));
    }
  }

  /** Those of addresses that are gone included. */
  *all(): Iterable<ExchangeStream> {
    yield* this.streams.values();
    yield* this.retired;
  }

  /** Addresses that take calls now. */
  get upAddresses(): readonly string[] {
    return [...this.streams.values()].filter(({ state }) => state === 'up').map(({ address }) => address);
  }

  /** Addresses whose stream could not be opened, or broke and is not back yet, with the last reason. */
  get failures(): readonly { readonly address: string; readonly reason: string }[] {
    return [...this.streams.values()].flatMap(({ address, failure }) =>
      failure === undefined ? [] : [{ address, reason: failure }],
    );
  }

  /** The stream for a call of this room, or of none; undefined while no pod is up. */
  choose(roomId: string | undefined): ExchangeStream | undefined {
    const holder = roomId === undefined ? undefined : this.affinity.holderOf(roomId);
    if (holder?.state === 'up' && !holder.isLeaving) return holder;
    const staying = this.upAddresses.filter((address) => this.streams.get(address)?.isLeaving === false);
    const up = staying.length > 0 ? staying : this.upAddresses;
    const address = roomId === undefined ? up[this.turn++ % up.length] : rendezvous(roomId, up);
    return address === undefined ? undefined : this.streams.get(address);
  }

  /** A call of the room goes to this stream. */
  begin(roomId: string | undefined, stream: ExchangeStream): void {
    if (roomId !== undefined) this.affinity.begin(roomId, stream);
  }

  /** A call of the room is no longer in flight there. */
  end(roomId: string | undefined, stream: ExchangeStream): void {
    if (roomId !== undefined) this.affinity.end(roomId, stream);
  }

  /** Closes a stream whose address is gone, if all of its calls are answered. */
  closeIfIdle(stream: ExchangeStream): void {
    if (!this.retired.has(stream)) return;
    if (stream.inFlight > 0 && (stream.state === 'up' || stream.state === 'draining')) return;
    this.retired.delete(stream);
    stream.close();
  }
}
