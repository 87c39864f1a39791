import type {
  Ack,
  AckFailure,
  ChatMessage,
  ChatRoom,
  ClientEventName,
  ClientRequests,
  ErrorReason,
  Ready,
  ResumedRoom,
} from '@parlance/proto';
import { eventSize } from '../../src/outbox/sizes/event-size.js';
import { ParlanceError } from '../../src/parlance-error.js';
import type { GatewaySocket, OpenSocket, SocketHandlers, SocketTarget } from '../../src/socket/gateway-socket.js';
import { type SocketBlame, SocketEnded } from '../../src/socket/socket-ended.js';
import { FakeRoom } from './fake-room.js';

/** A longer event closes the connection. */
const closingBytes = 72 * 1024;

/** A gateway in memory that keeps one user's rooms and speaks the protocol with that user's clients; tests decide what is lost on the way. */
export class FakeGateway {
  readonly rooms = new Map<string, FakeRoom>();
  /** Every request that arrived, in order. */
  readonly requests: { readonly name: ClientEventName; readonly payload: unknown }[] = [];
  readonly targets: SocketTarget[] = [];
  /** How the next attempts end; without one the attempt succeeds. */
  readonly refusals: ParlanceError[] = [];
  /** Ends that replace the real ones, by event, each once. */
  readonly interventions = new Map<ClientEventName, Intervention[]>();
  /** Asked for the end of every request that has no intervention waiting; undefined is the real one. */
  fate: (name: ClientEventName) => Intervention | undefined = () => undefined;
  /** Called with every live event; false loses it. */
  passes: (name: string, payload: unknown) => boolean = () => true;
  /** Brings every answer to the client; another one takes its time. */
  line: (arrive: () => void) => void = (arrive) => arrive();
  userId = 'me';
  /** Rooms named in `ready` at most. */
  readyRooms = 200;
  /** Messages in one answer to `resume`; rooms beyond come empty with `hasMore`. */
  resumeMessages = Number.POSITIVE_INFINITY;
  private readonly sockets = new Set<{ readonly handlers: SocketHandlers }>();

  constructor(private readonly now: () => number) {}

  readonly openSocket: OpenSocket = (target, handlers) => {
    this.targets.push(target);
    const socket = { handlers };
    const refusal = this.refusals.shift();
    queueMicrotask(() => {
      if (refusal) return handlers.closed(refusal);
      this.sockets.add(socket);
      handlers.event('ready', this.ready());
    });
    const own: GatewaySocket = {
      send: (name, payload, answer) => {
        queueMicrotask(() => {
          if (!this.sockets.has(socket)) return;
          if (eventSize(name, payload) > closingBytes) return this.cut('sent');
          this.take(name as ClientEventName, payload, (ack) =>
            this.line(() => {
              if (this.sockets.has(socket)) answer(ack);
            }),
          );
        });
      },
      close: () => {
        this.sockets.delete(socket);
      },
    };
    return own;
  };

  /** A client is connected. */
  get isConnected(): boolean {
    return this.sockets.size > 0;
  }

  /** The network goes away without a word: nothing comes through the connections that there are, and nobody is told. */
  freeze(): void {
    this.sockets.clear();
  }

  /** Cuts all connections; `blame` is what a client can tell of it. */
  cut(blame: SocketBlame = 'nobody'): void {
    const sockets = [...this.sockets];
    this.sockets.clear();
    const error = ParlanceError.disconnected('unknown', new SocketEnded('the test cut it', blame));
    for (const { handlers } of sockets) handlers.closed(error);
  }

  /** Sends a live event; `surely` asks nobody whether it is lost. */
  emit(name: string, payload: unknown, fate?: 'surely'): void {
    for (const socket of this.sockets) {
      if (fate === 'surely' || this.passes(name, payload)) socket.handlers.event(name, payload);
    }
  }

  /** Says to all that the connection is alive. */
  heartbeat(): void {
    for (const { handlers } of this.sockets) handlers.heartbeat();
  }

  /** Makes a room with this user in it. */
  addRoom(roomId: string, participants: readonly string[] = ['me', 'ann']): FakeRoom {
    const room = new FakeRoom(roomId, participants, this.now);
    this.rooms.set(roomId, room);
    return room;
  }

  /** Somebody sends a message; it is told live. */
  post(roomId: string, senderId: string, content: string, clientMessageId = `${senderId}-${content}`): ChatMessage {
    const message = this.room(roomId).append(senderId, content, clientMessageId);
    this.emit('newMessage', message);
    return message;
  }

  /** Requests of one kind. */
  requestsOf<Name extends ClientEventName>(name: Name): readonly ClientRequests[Name]['payload'][] {
    return this.requests
      .filter((request) => request.name === name)
      .map(({ payload }) => payload as ClientRequests[Name]['payload']);
  }

  /** Lets the next requests of a kind end otherwise. */
  intervene(name: ClientEventName, ...ends: Intervention[]): void {
    this.interventions.set(name, [...(this.interventions.get(name) ?? []), ...ends]);
  }

  private take(name: ClientEventName, payload: unknown, answer: (ack: Ack<unknown>) => void): void {
    this.requests.push({ name, payload });
    const end = this.interventions.get(name)?.shift() ?? this.fate(name);
    const carryOut = (): Ack<unknown> => this.answer(name, payload);
    if (end === undefined) answer(carryOut());
    else if (end === 'lost') carryOut();
    else if (typeof end !== 'function') answer(end);
    else {
      const ack = end(carryOut);
      if (ack) answer(ack);
    }
  }

  private answer(name: ClientEventName, payload: unknown): Ack<unknown> {
    const { roomId = '' } = payload as { roomId?: string };
    const room = this.rooms.get(roomId);
    switch (name) {
      case 'sendMessage': {
        if (!room) return failure('ROOM_NOT_FOUND');
        if (!room.participants.includes(this.userId)) return failure('NOT_A_PARTICIPANT');
        const { content, clientMessageId = '' } = payload as ClientRequests['sendMessage']['payload'];
        const known = room.messages.find((message) => message.clientMessageId === clientMessageId);
        return success({
          ...(known ?? this.post(roomId, this.userId, content, clientMessageId)),
          deduplicated: !!known,
          epoch: room.epoch,
        });
      }
      case 'getHistory':
        return room ? room.history(payload as ClientRequests['getHistory']['payload']) : failure('ROOM_NOT_FOUND');
      case 'listRooms': {
        const all = [...this.rooms.values()].filter(({ participants }) => participants.includes(this.userId));
        const { cursor = '0', limit = 50 } = payload as ClientRequests['listRooms']['payload'];
        const start = Number(cursor);
        const hasMore = start + limit < all.length;
        const rooms = all.slice(start, start + limit).map((each): ChatRoom => each.list(this.userId));
        return { ...success(rooms), hasMore, ...(hasMore ? { cursor: `${start + limit}` } : {}) };
      }
      case 'listParticipants': {
        if (!room) return failure('ROOM_NOT_FOUND');
        const { cursor = '', limit = 50 } = payload as ClientRequests['listParticipants']['payload'];
        const behind = room.participants.filter((userId) => userId > cursor).toSorted();
        const page = behind.slice(0, limit);
        const hasMore = behind.length > page.length;
        return {
          ...success(page.map((userId) => room.place(userId))),
          hasMore,
          ...(hasMore && { cursor: page.at(-1) ?? '' }),
        };
      }
      case 'joinRoom':
        return room ? success(room.describe(this.userId)) : failure('ROOM_NOT_FOUND');
      case 'resume':
        return success({ rooms: this.resume(payload as ClientRequests['resume']['payload']) });
      case 'messageRead':
      case 'messageDelivered': {
        const { messageId } = payload as ClientRequests['messageRead']['payload'];
        room?.mark(this.userId, name === 'messageRead' ? 'read' : 'delivered', messageId);
        return success(payload);
      }
      case 'typing':
      case 'leaveRoom':
      case 'refreshToken':
        return success({});
      case 'addParticipants': {
        const { userIds } = payload as ClientRequests['addParticipants']['payload'];
        for (const userId of userIds) room?.change({ kind: 'joined', userId });
        return room ? success(room.describe(this.userId)) : failure('ROOM_NOT_FOUND');
      }
      case 'createRoom':
      case 'updateRoom':
      case 'removeParticipant':
      case 'setRole':
        return failure('INVALID_MESSAGE');
    }
  }

  private resume({ rooms }: ClientRequests['resume']['payload']): Record<string, ResumedRoom> {
    let left = this.resumeMessages;
    return Object.fromEntries(
      Object.entries(rooms).map(([roomId, cursor]): [string, ResumedRoom] => {
        const room = this.rooms.get(roomId);
        const isMine = room?.participants.includes(this.userId);
        if (!room || !isMine) return [roomId, { error: failure('ROOM_NOT_FOUND').error }];
        const from = typeof cursor === 'number' ? { id: cursor, rev: 0 } : cursor;
        const { rev } = from;
        const answer = room.resume(this.userId, from);
        if (!('messages' in answer)) return [roomId, answer];
        left -= answer.messages.length;
        return [roomId, left >= 0 ? answer : { ...answer, messages: [], events: [], rev, hasMore: true }];
      }),
    );
  }

  private ready(): Ready {
    const mine = [...this.rooms.values()].filter(({ participants }) => participants.includes(this.userId));
    return {
      userId: this.userId,
      serverTime: this.now(),
      protocolVersion: 1,
      rooms: mine.slice(0, this.readyRooms).map((room) => {
        const { roomId, head, rev, epoch, readUpTo, deliveredUpTo } = room.describe(this.userId);
        return { roomId, head, rev, epoch, readUpTo, deliveredUpTo };
      }),
      limits: { contentBytes: 16_384, metadataBytes: 8_192, eventBytes: 65_536, pageItems: 200 },
    };
  }

  private room(roomId: string): FakeRoom {
    const room = this.rooms.get(roomId);
    if (!room) throw new Error(`there is no room ${roomId}`);
    return room;
  }
}

/**
 * How a request ends instead: refused; `lost`, that is carried out without an answer; or as a function decides that may have
 * it carried out, now or later, and answers what it likes or nothing.
 */
export type Intervention = AckFailure | 'lost' | ((carryOut: () => Ack<unknown>) => AckFailure | undefined);

/** The connection ends under the request, which is not carried out. */
export function cutBy(gateway: FakeGateway, blame: SocketBlame): Intervention {
  return () => {
    gateway.cut(blame);
    return undefined;
  };
}

/** A failed ack. */
export function failure(code: ErrorReason, more: Partial<AckFailure['error']> = {}): AckFailure {
  return {
    success: false,
    error: { code, message: code, retryable: false, outcome: 'rejected', ...more },
    timestamp: '2026-01-01T00:00:00.000Z',
  };
}

function success(data: unknown): Extract<Ack<unknown>, { success: true }> {
  return { success: true, data, timestamp: '2026-01-01T00:00:00.000Z' };
}
