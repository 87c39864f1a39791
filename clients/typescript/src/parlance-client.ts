import type { ChatRoom, NewRoom, Participant, Role, RoomEdit } from '@parlance/proto';
import type { ClientEventMap } from './client-event-map.js';
import type { ConnectionState } from './connection/connection-state.js';
import { defaultInternals, type Internals } from './internals.js';
import type { PendingMessage, SendOptions } from './outbox/pending-message.js';
import type { ParlanceError } from './parlance-error.js';
import type { ParlanceOptions } from './parlance-options.js';
import { addParticipants } from './rooms/add-participants.js';
import type { RoomView } from './rooms/room-view.js';
import { Session } from './session.js';
import { socketAddress } from './socket/socket-address.js';

/**
 * One user's chat: keeps connected, keeps every room complete and in order, and sends what is to be sent until it arrives.
 * Everything it shows is an immutable snapshot, replaced on every change.
 */
export class ParlanceClient {
  private readonly session: Session;

  /**
   * Connects nowhere yet: see `connect`.
   *
   * @throws TypeError for a `url` that is none, RangeError for `messagesPerRoom` below 1.
   */
  constructor(options: ParlanceOptions);
  /** @internal For tests. */
  constructor(options: ParlanceOptions, internals: Partial<Internals>);
  constructor(options: ParlanceOptions, internals: Partial<Internals> = {}) {
    const { messagesPerRoom = 1 } = options;
    if (!Number.isInteger(messagesPerRoom) || messagesPerRoom < 1) {
      throw new RangeError('messagesPerRoom has to be a whole number above 0');
    }
    socketAddress(options.url);
    this.session = new Session(options, { ...defaultInternals(), ...internals });
  }

  /**
   * Connects, and from then on reconnects by itself. Resolves at the first `ready`; the rooms follow. **It stays pending as
   * long as no gateway answers**, since nobody can tell one that is down for a while from one that is not there; what is wrong
   * is then told by one `error` event within `requestTimeoutMs` and a second. It rejects with a ParlanceError only when trying
   * again cannot help, as with a token that is not valid; then the state is `closed`. Once it has resolved, such an end is told
   * as an `error` event. Called while the client waits between two attempts, it tries at once.
   */
  connect(): Promise<void> {
    return this.session.connection.start();
  }

  /** Ends the connection. Rooms stay as they are; what waits to be sent waits for another `connect()`. */
  close(): void {
    this.session.connection.stop();
  }

  /** The token's user; undefined before the first `ready`. */
  get userId(): string | undefined {
    return this.session.userId;
  }

  /** Where the connection stands; the event `state` tells each change. */
  get state(): ConnectionState {
    return this.session.connection.state;
  }

  /** When the next attempt to connect begins, Unix milliseconds by this machine's clock; only while `state` is `waiting`. */
  get nextAttemptAt(): number | undefined {
    return this.session.connection.nextAttemptAt;
  }

  /**
   * Why there is no connection: what ended the last attempt or the last connection. Undefined while there is one, before the
   * first attempt has failed, and after `close()`.
   */
  get connectionError(): ParlanceError | undefined {
    return this.session.connection.error;
  }

  /** All rooms of the user, by id: a snapshot, which the event `rooms` brings anew. They come one by one after `connect`. */
  get rooms(): ReadonlyMap<string, RoomView> {
    return this.session.store.views;
  }

  /** One room, if it is the user's and loaded: a snapshot, which the event `room` brings anew. */
  room(roomId: string): RoomView | undefined {
    return this.session.store.view(roomId);
  }

  /**
   * Listens; the function it answers ends that.
   *
   * @param event one of the names in {@link ClientEventMap}.
   * @param listener is given what stands there beside the name. What it throws is told as an `error` event.
   */
  on<E extends keyof ClientEventMap>(event: E, listener: (payload: ClientEventMap[E]) => void): () => void {
    return this.session.events.on(event, listener);
  }

  /**
   * Creates a room, or finds the 1v1 room of two users. Rejects with a ParlanceError, as all requests do: without a connection
   * at once with `DISCONNECTED`, after `requestTimeoutMs` with the outcome `unknown`.
   */
  createRoom(room: NewRoom): Promise<ChatRoom> {
    return this.session.ask('createRoom', room);
  }

  /** Joins a room whose `joinRule` is `open`; one that the user is in already is answered as it is. */
  joinRoom(roomId: string): Promise<ChatRoom> {
    return this.session.ask('joinRoom', { roomId });
  }

  /** Leaves a room, which goes from `rooms`. A 1v1 cannot be left. */
  async leaveRoom(roomId: string): Promise<void> {
    await this.session.connection.request('leaveRoom', { roomId });
    this.session.store.drop(roomId);
  }

  /** Changes what a room shows of itself or its rules. For owners and admins. */
  updateRoom(edit: RoomEdit): Promise<ChatRoom> {
    return this.session.ask('updateRoom', edit);
  }

  /**
   * Adds users to a group. For owners and admins. Very many go in several requests: when a later one fails, the outcome is
   * `unknown`, and those of the earlier ones are in.
   */
  addParticipants(roomId: string, userIds: readonly string[]): Promise<ChatRoom> {
    return addParticipants(this.session, roomId, userIds);
  }

  /** Removes a user from a group. For owners and admins. */
  removeParticipant(roomId: string, userId: string): Promise<ChatRoom> {
    return this.session.ask('removeParticipant', { roomId, userId });
  }

  /** Makes a user of a group an admin, or no longer. For the owner. */
  setRole(roomId: string, userId: string, role: Exclude<Role, 'owner'>): Promise<ChatRoom> {
    return this.session.ask('setRole', { roomId, userId, role });
  }

  /**
   * A page of who is in a room, by user id: with roles, and with how far each has got when the page is made. Ask again when the
   * `rev` of the room has changed.
   */
  async listParticipants(roomId: string, options: ParticipantPageOptions = {}): Promise<ParticipantPage> {
    const { data, cursor } = await this.session.connection.request('listParticipants', { roomId, ...options });
    return { participants: data, ...(cursor === undefined ? {} : { cursor }) };
  }

  /**
   * Somebody looks at this room: every 30 s it is asked who has got and read what, because the pushes of that may be lost.
   * The function it answers ends that, and when nobody looks any more, what was paged back goes from memory.
   */
  open(roomId: string): () => void {
    return this.session.open.open(roomId);
  }

  /**
   * Puts the page below the first message in front of `room.messages`; resolves whether there is more. From then
   * on the room keeps everything, until the last one who has opened it closes it.
   *
   * @param limit messages at most. Default 50.
   */
  loadOlder(roomId: string, limit?: number): Promise<boolean> {
    return this.session.older.load(roomId, limit);
  }

  /**
   * Sends a message: it stands in `room.pending` at once and in `room.messages` when it has its place. Messages of a room
   * are sent in order, one after another, with or without a connection, and tried again until they have arrived or are
   * refused for good. What waits is kept in `options.outbox`. Whoever sends types no more.
   *
   * @param content the text, at most 16 KiB of UTF-8.
   */
  send(roomId: string, content: string, options?: SendOptions): PendingMessage {
    this.session.typing.set(roomId, false);
    return this.session.outbox.send(roomId, content, options);
  }

  /** Sends a failed message once more, under the same `clientMessageId`. */
  retry(roomId: string, clientMessageId: string): void {
    this.session.outbox.retry(roomId, clientMessageId);
  }

  /** Forgets a failed message. One whose outcome is unknown may be in the log all the same. */
  discard(roomId: string, clientMessageId: string): void {
    this.session.outbox.discard(roomId, clientMessageId);
  }

  /**
   * Everything up to this message was read. Told to the server within 250 ms, and again after a reconnect.
   *
   * @param messageId default: the newest in `room.messages`.
   */
  markRead(roomId: string, messageId?: number): void {
    this.session.markRead(roomId, messageId);
  }

  /** This user is typing, or no longer. Call it with every key: a start is told at most every 10 s. */
  setTyping(roomId: string, isTyping: boolean): void {
    this.session.typing.set(roomId, isTyping);
  }
}

/** Which page of the participants of a room. */
export interface ParticipantPageOptions {
  /** From the page before. Default: the first page. */
  readonly cursor?: string;
  /** Participants at most, 1 to 200. Default 50. */
  readonly limit?: number;
}

/** See `listParticipants` of {@link ParlanceClient}. */
export interface ParticipantPage {
  /** In the order of their ids. */
  readonly participants: readonly Participant[];
  /** There are more: where the next page starts. */
  readonly cursor?: string;
}
