import type { CallResult } from '@parlance/proto';
import type { Clock } from '../../../clock.js';
import { RecentRooms } from '../routing/recent-rooms.js';
import { rendezvous } from '../routing/rendezvous.js';
import { RoomAffinity } from '../routing/room-affinity.js';
import type { OpenExchange } from './exchange-connection.js';
import { ExchangeStream, type StreamOwner } from './exchange-stream.js';
import type { PendingCall } from './pending-call.js';
import type { StreamChange, StreamObserver } from './stream-observer.js';

/**
 * The streams to all chat-service pods: which there are, which are up, and which of them takes a room. A room goes to
 * its owner among the pods that are up; while anything of it is in flight it stays with its pod (R11: sends keep their
 * order). Calls of no room take turns. What becomes of calls is told to one listener, what becomes of streams to the
 * observer, with the rooms that it concerns (R9: events are hints).
 */
export class ExchangeStreams {
  private readonly streams = new Map<string, ExchangeStream>();
  /** Of addresses that are gone, with calls that are not answered yet. */
  private readonly retired = new Set<ExchangeStream>();
  private readonly affinity = new RoomAffinity<ExchangeStream>();
  private readonly recent = new RecentRooms<ExchangeStream>();
  private readonly owner: StreamOwner;
  private calls: CallListener | undefined;
  private turn = 0;
  private closing = false;

  constructor(
    private readonly open: OpenExchange,
    private readonly observer: StreamObserver,
    private readonly clock: Clock,
  ) {
    this.owner = {
      onUp: (stream) => {
        this.calls?.onUp();
        this.announce('up', stream);
      },
      onUnreachable: ({ address }, reason) => observer.unreachable(address, reason),
      onBreak: (stream, calls, reason) => {
        this.calls?.onBreak(stream, calls);
        this.closeIfIdle(stream);
        if (!this.closing) this.announce('broken', stream, reason);
      },
      onMuteChange: (stream) => this.announce(stream.isMute ? 'mute' : 'heard', stream),
      onLeaving: ({ address }) => observer.leaving(address),
      onResult: (stream, call, result) => {
        this.calls?.onResult(stream, call, result);
        this.closeIfIdle(stream);
      },
      onFrame: (direction, items) => observer.frame(direction, items),
    };
  }

  /** Sets who hears what becomes of calls. */
  listen(calls: CallListener): void {
    this.calls = calls;
  }

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
      if (!this.streams.has(address))
        this.streams.set(address, new ExchangeStream(address, this.open, this.owner, this.clock));
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

  /** Addresses whose events do not reach Redis. */
  get muteAddresses(): readonly string[] {
    return [...this.all()].filter(({ isMute }) => isMute).map(({ address }) => address);
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

  /** Puts a call on a stream. */
  send(call: PendingCall, stream: ExchangeStream): void {
    const { roomId } = call.context;
    if (roomId !== undefined) this.affinity.begin(roomId, stream);
    if (roomId !== undefined && call.isWrite) this.recent.note(roomId, stream, this.clock.now());
    stream.send(call);
  }

  /** A call of the room is no longer in flight there. */
  end(roomId: string | undefined, stream: ExchangeStream): void {
    if (roomId !== undefined) this.affinity.end(roomId, stream);
  }

  /** Ends all streams, without telling of it. */
  close(): void {
    this.closing = true;
    for (const stream of this.all()) stream.close();
  }

  /** Closes a stream whose address is gone, if all of its calls are answered. */
  private closeIfIdle(stream: ExchangeStream): void {
    if (!this.retired.has(stream)) return;
    if (stream.inFlight > 0 && (stream.state === 'up' || stream.state === 'draining')) return;
    this.retired.delete(stream);
    stream.close();
  }

  private announce(kind: StreamChange['kind'], stream: ExchangeStream, reason?: string): void {
    const { address } = stream;
    const isBroken = kind === 'broken';
    const written = isBroken ? this.recent.take(stream, this.clock.now()) : undefined;
    const addresses = isBroken ? [...this.upAddresses, address] : this.upAddresses;
    const concerns = (roomId: string): boolean =>
      written?.has(roomId) === true || rendezvous(roomId, addresses) === address;
    this.observer.changed({ kind, address, concerns, ...(reason === undefined ? {} : { reason }) });
  }
}

/** Hears what becomes of calls. */
export interface CallListener {
  /** A stream is up: what waits for one can be sent. */
  onUp(): void;
  /** A stream is up no more; `calls` were on it, oldest first. */
  onBreak(stream: ExchangeStream, calls: readonly PendingCall[]): void;
  onResult(stream: ExchangeStream, call: PendingCall, result: CallResult): void;
}
