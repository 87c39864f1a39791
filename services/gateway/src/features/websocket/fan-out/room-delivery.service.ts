import type { HeardEvent, WireMessage } from '@parlance/proto';
import { type CounterSeries, type Span, startSpan } from '@parlance/runtime';
import { toChatMessage } from '../../../answers/wire-to-chat.mapper.js';
import { type GatewayMetrics, type RoomServerEvent, roomServerEvents } from '../../../metrics.js';
import { eventFrame, type Frame } from '../transport/frame.js';
import type { LocalSocket } from '../transport/local-socket.js';
import { ConnectionRegistry, type LocalFeed } from './connection-registry.js';
import { FanOut } from './fan-out.js';
import type { FeedStart, Verdict } from './room-feed.js';

/** Events that are passed on as they are, and their names on sockets. */
const passedOn: Readonly<Partial<Record<HeardEvent['type'], RoomServerEvent>>> = {
  'chat:message:delivered': 'messageStatusUpdate',
  'chat:message:read': 'messageStatusUpdate',
  'chat:user:typing': 'typing',
  'chat:room:updated': 'roomUpdated',
};

/** Acts on what feeds decide: one frame an event, written to the local sockets that it is for, and to nobody else. */
export class RoomDelivery {
  /** Messages that reached sockets since the start, by their event or by a pull. */
  readonly delivered = { heard: 0, repaired: 0 };
  private readonly written: ReadonlyMap<RoomServerEvent, CounterSeries>;
  private readonly fanOut = new FanOut<LocalFeed, LocalSocket>();

  constructor(
    private readonly connections: ConnectionRegistry,
    private readonly metrics: GatewayMetrics,
    private readonly now: () => number,
  ) {
    this.written = new Map(roomServerEvents.map((event) => [event, metrics.deliveredEvents.of({ event })]));
  }

  /** Carries out a feed's verdict on an event; `drop` and `hold` ask for nothing. */
  act(feed: LocalFeed, event: HeardEvent, verdict: Verdict): void {
    switch (verdict.kind) {
      case 'message':
        return this.message(feed, event.head, event.payload, () => this.noteHeard(event), spanOf(event));
      case 'membership':
        return this.membership(feed, event, verdict.isNewest);
      case 'pass':
        return this.passOn(feed, event);
      case 'drop':
      case 'hold':
        return;
    }
  }

  /** Passes on a message that was pulled from the log, if it is the next one. */
  pulled(feed: LocalFeed, message: WireMessage): boolean {
    if (!feed.takePulled(message.messageId)) return false;
    this.message(feed, message.messageId, JSON.stringify(toChatMessage(message)), () => {
      this.delivered.repaired += 1;
      this.metrics.repairedMessages.inc();
      this.metrics.endToEndSeconds.observe(Math.max(0, this.now() - message.timestamp) / 1000);
    });
    return true;
  }

  /** A message was written that came by its event. */
  private noteHeard({ at, sentAt }: HeardEvent): void {
    const now = this.now();
    this.delivered.heard += 1;
    this.metrics.heardMessages.inc();
    this.metrics.deliverySeconds.observe(Math.max(0, now - at) / 1000);
    if (sentAt !== undefined) this.metrics.endToEndSeconds.observe(Math.max(0, now - sentAt) / 1000);
  }

  /**
   * Makes a socket a member of a room that its user entered at `place`; opens the feed from `start` if there is none.
   * A socket whose handshake is under way joins later, with its other rooms.
   */
  bringIn(socket: LocalSocket, place: RoomPlace, start: FeedStart): void {
    const { roomId, head } = place;
    if (!socket.canJoin) return socket.noteLateRoom({ epoch: 0, ...place, deliveredUpTo: head, readUpTo: head });
    if (this.connections.feedOf(roomId)?.members.has(socket)) return;
    const feed = this.connections.join(roomId, socket, head, start);
    // What was passed on between its entering and now did not reach it.
    if (feed.head > head) this.write(feed, 'heads', headsFrame(feed), [socket]);
  }

  /** Counts rooms whose heads were compared with the log. */
  noteCompared(rooms: number): void {
    this.metrics.comparedHeads.inc(rooms);
  }

  /** Notes how many messages a feed lacks of a room that was found to stand at `head`. */
  noteLag(feed: LocalFeed, head: number): void {
    this.metrics.headsLag.observe(Math.max(0, head - feed.head));
  }

  /** Counts a gap that is about to be repaired. */
  noteGap(): void {
    this.metrics.gaps.inc({ what: 'found' });
  }

  /** Tells all members where the room stands, in place of the messages up to `upTo` (R9: events are hints). */
  heads(feed: LocalFeed, upTo: number): void {
    feed.jump(upTo);
    this.metrics.gaps.inc({ what: 'skipped' });
    this.write(feed, 'heads', headsFrame(feed), feed.members.keys());
  }

  /** Begins a room anew whose log is another one, and tells all members where it stands. */
  beginAnew(feed: LocalFeed, place: RoomPlace): void {
    feed.beginAnew(place);
    this.tell(feed);
  }

  /** Tells all members where the room stands. */
  tell(feed: LocalFeed): void {
    this.write(feed, 'heads', headsFrame(feed), feed.members.keys());
  }

  /** Lets go of a room that is there no longer: the members are told that what they know of it is past, and find out why. */
  vanish(feed: LocalFeed): void {
    const frame = headsFrame({ roomId: feed.roomId, head: 0, rev: 0, epoch: feed.epoch + 1 });
    this.write(feed, 'heads', frame, feed.members.keys());
    for (const socket of feed.members.keys()) this.connections.leave(feed, socket);
  }

  /** Receipts, typing and room updates: to all members, except that nobody is told of their own typing. */
  private passOn(feed: LocalFeed, event: HeardEvent): void {
    const name = passedOn[event.type];
    if (name === undefined) return;
    const sockets = [...feed.members.keys()].filter(({ userId }) =>
      event.only ? userId === event.userId : name !== 'typing' || userId !== event.userId,
    );
    this.write(feed, name, eventFrame(name, event.payload), sockets, undefined, spanOf(event));
  }

  private message(
    feed: LocalFeed,
    messageId: number,
    payload: string | Uint8Array,
    done?: () => void,
    span?: Span,
  ): void {
    const sockets: LocalSocket[] = [];
    for (const [socket, knownHead] of feed.members) if (messageId > knownHead) sockets.push(socket);
    this.write(feed, 'newMessage', eventFrame('newMessage', payload), sockets, done, span);
  }

  private membership(feed: LocalFeed, event: HeardEvent, isNewest: boolean): void {
    const concerned = [...this.connections.concernedBy(event)];
    const joined = event.type === 'chat:room:joined';
    if (joined && isNewest) for (const socket of concerned) this.bringIn(socket, event, event);
    const name = joined ? 'roomJoined' : 'roomLeft';
    const sockets = new Set([...feed.members.keys(), ...concerned]);
    this.write(feed, name, eventFrame(name, event.payload), sockets, undefined, spanOf(event));
    if (!joined && isNewest) for (const socket of concerned) this.connections.leave(feed, socket);
  }

  private write(
    feed: LocalFeed,
    event: RoomServerEvent,
    frame: Frame,
    sockets: Iterable<LocalSocket>,
    done?: () => void,
    span?: Span,
  ): void {
    this.fanOut.write(feed, frame, [...sockets], (written) => {
      this.written.get(event)?.inc(written);
      done?.();
      span?.set('parlance.sockets', written);
      span?.end();
    });
  }
}

/** Where a room stood when somebody entered it. */
export interface RoomPlace {
  readonly roomId: string;
  readonly head: number;
  readonly rev: number;
  readonly memberRev: number;
  /** Absent or 0 when it is not known. */
  readonly epoch?: number;
}

/**
 * The writing of a traced event to the sockets here, however many they are: below the request behind the event, and linked to
 * it, as what comes by a message is.
 */
function spanOf({ type, trace }: HeardEvent): Span | undefined {
  const span = trace === undefined ? undefined : startSpan(type, 'consumer', trace);
  span?.link(trace);
  return span;
}

function headsFrame({ roomId, head, rev, epoch }: Pick<LocalFeed, 'roomId' | 'head' | 'rev' | 'epoch'>): Frame {
  return eventFrame('heads', JSON.stringify({ [roomId]: { head, rev, epoch } }));
}
