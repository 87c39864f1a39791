import type { AckFailure, ChatMessage, ChatRoom, ClientRequests, Ready, Typing } from '@parlance/proto';
import { CatchUp } from './catch-up/catch-up.js';
import { contradicts, RolledBackRooms } from './catch-up/rolled-back-rooms.js';
import type { ClientEventMap } from './client-event-map.js';
import { Connection } from './connection/connection.js';
import type { ConnectionState } from './connection/connection-state.js';
import { Emitter } from './emitter.js';
import type { Internals } from './internals.js';
import { MessageSender } from './outbox/message-sender.js';
import { Outbox } from './outbox/outbox.js';
import { memoryOutbox } from './outbox/stores/memory-outbox.js';
import { OutboxKeeper } from './outbox/stores/outbox-keeper.js';
import { ParlanceError } from './parlance-error.js';
import type { ParlanceOptions } from './parlance-options.js';
import { Receipts } from './receipts/receipts.js';
import { OlderPages } from './rooms/older-pages.js';
import { OpenMembers } from './rooms/open-members.js';
import { OpenRooms } from './rooms/open-rooms.js';
import { RoomList } from './rooms/room-list.js';
import { RoomNews } from './rooms/room-news.js';
import { type RoomStep, RoomStore } from './rooms/room-store.js';
import { isBelow, lacksSomething, type RoomState } from './rooms/state/room-state.js';
import { roomChangesOf } from './rooms/state/server-event.js';
import { OthersTyping } from './typing/others-typing.js';
import { OwnTyping } from './typing/own-typing.js';

const defaultMessagesPerRoom = 500;

/** The parts of a client and what each tells the others. */
export class Session {
  readonly events = new Emitter<ClientEventMap>();
  readonly connection: Connection;
  readonly store: RoomStore;
  readonly outbox: Outbox;
  readonly older: OlderPages;
  readonly open: OpenRooms;
  readonly typing: OwnTyping;
  private readonly rooms: RoomList;
  private readonly catchUp: CatchUp;
  private readonly receipts: Receipts;
  private readonly othersTyping: OthersTyping;
  private readonly members: OpenMembers;
  private readonly setBack: RolledBackRooms;
  private _userId: string | undefined;
  private readonly news: RoomNews;
  private readonly isOpen = (roomId: string): boolean => this.open.has(roomId);

  constructor(options: ParlanceOptions, internals: Internals) {
    const { clock } = internals;
    const failed = (error: ParlanceError): void => this.events.emit('error', error);
    this.connection = new Connection(options, internals, {
      stateChanged: (state) => this.stateChanged(state),
      signedIn: (userId) => this.signedIn(userId),
      ready: (ready) => this.ready(ready),
      event: (name, payload) => this.take(name, payload),
      failed,
    });
    this.store = new RoomStore(
      (roomId) => this.outbox.pendingOf(roomId),
      (step) => this.roomChanged(step),
      options.messagesPerRoom ?? defaultMessagesPerRoom,
    );
    this.news = new RoomNews(this.events, this.store);
    const keeper = new OutboxKeeper(options.outbox ?? memoryOutbox(), clock, failed, () => this.outbox.readAgain());
    const sender = new MessageSender(this.connection, (roomId, epoch) => this.isOfLog(roomId, epoch));
    this.outbox = new Outbox(sender, keeper, internals, {
      changed: (roomId) => this.store.pendingChanged(roomId),
      restored: (roomId) => this.compareWithOutbox(roomId),
      sent: (message) => this.sent(message),
      isShown: (roomId) => this.store.state(roomId) !== undefined,
    });
    this.older = new OlderPages(this.store, this.connection);
    this.typing = new OwnTyping(this.connection, clock);
    this.setBack = new RolledBackRooms(
      this.store,
      this.connection,
      (roomId) => this.forgetLog(roomId),
      (roomId, lost) => this.restarted(roomId, lost),
    );
    this.catchUp = new CatchUp(
      this.store,
      this.connection,
      internals,
      (roomId, epoch) => void this.setBack.reload(roomId, epoch),
    );
    this.open = new OpenRooms(
      this.connection,
      clock,
      (roomIds) => {
        this.catchUp.now(roomIds);
        this.nameMembers(roomIds);
      },
      (roomId) => this.store.apply(roomId, { kind: 'pagedBack', isPagedBack: false }),
    );
    this.members = new OpenMembers(this.isOpen, (roomId) => this.ask('joinRoom', { roomId }), failed);
    this.receipts = new Receipts(this.connection, internals);
    this.othersTyping = new OthersTyping(this.store, clock);
    this.rooms = new RoomList(this.store, this.connection, internals, (roomIds) => this.catchUp.now(roomIds));
  }

  get userId(): string | undefined {
    return this._userId;
  }

  /** Asks for something that is answered with a room, and takes the room. */
  async ask<Name extends RoomRequest>(name: Name, payload: ClientRequests[Name]['payload']): Promise<ChatRoom> {
    const { data } = await this.connection.request(name, payload);
    const room: ChatRoom = data;
    this.rooms.adopt(room);
    return room;
  }

  /** Marks a room as read up to a message, by default the newest one shown; never further than that. */
  markRead(roomId: string, messageId?: number): void {
    const state = this.store.state(roomId);
    if (!state) return;
    const upTo = Math.min(messageId ?? state.cursor, state.cursor);
    this.store.apply(roomId, { kind: 'marks', marks: [{ userId: state.me, read: upTo }] });
    this.receipts.read(roomId, upTo);
  }

  private stateChanged(state: ConnectionState): void {
    if (state !== 'online') {
      this.catchUp.stop();
      this.receipts.stop();
      this.outbox.stop();
      this.open.stop();
      this.typing.stop();
    }
    this.events.emit('state', state);
  }

  private signedIn(userId: string): void {
    if (this._userId !== undefined && this._userId !== userId) this.forgetUser();
    this._userId = userId;
  }

  private ready(ready: Ready): void {
    for (const { roomId, deliveredUpTo, readUpTo } of ready.rooms) {
      this.receipts.known(roomId, { delivered: deliveredUpTo, read: readUpTo });
    }
    this.rooms.ready(ready, this.isOpen);
    this.outbox.resume(ready.userId);
    this.receipts.resume();
    this.open.resume();
    this.nameMembers(this.open.roomIds);
  }

  private nameMembers(roomIds: readonly string[]): void {
    for (const roomId of roomIds) this.members.look(this.store.state(roomId));
  }

  private forgetUser(): void {
    this.outbox.reset();
    this.rooms.reset();
    for (const roomId of this.store.roomIds) this.store.drop(roomId);
  }

  private take(name: string, payload: unknown): void {
    if (name === 'typing') this.othersTyping.take(payload as Typing);
    if (name === 'exception') {
      this.events.emit('error', ParlanceError.fromServer((payload as AckFailure).error));
    }
    for (const { roomId, change } of roomChangesOf(name, payload)) {
      const state = this.store.state(roomId);
      if (state) {
        const marks = change.kind === 'marks' ? change.marks : [];
        for (const { userId, delivered = 0, read = 0 } of marks)
          if (userId === this._userId) this.receipts.known(roomId, { delivered, read });
        if (change.kind === 'messages' && change.messages.some((message) => contradicts(state, message)))
          void this.setBack.reload(roomId);
        if (change.kind === 'position' && isBelow(change, state)) this.catchUp.doubt(roomId);
        this.store.apply(roomId, change);
      } else if (change.kind === 'messages') this.rooms.unknown(roomId, change.messages[0]);
      else if (change.kind === 'joined') this.rooms.entered(roomId, change.userCount);
      else if (change.kind === 'position') this.rooms.unknown(roomId);
    }
  }

  /** Marks and places of a log that is no more. */
  private forgetLog(roomId: string): void {
    this.receipts.drop(roomId);
    this.outbox.beginAnew(roomId);
  }

  private restarted(roomId: string, lost: readonly ChatMessage[]): void {
    const view = this.store.view(roomId);
    if (view) this.events.emit('wentBack', view);
    for (const message of lost) this.events.emit('messageLost', message);
    this.catchUp.now([roomId]);
  }

  /** An ack names the epoch too, and may be the first to tell of a new one. */
  private isOfLog(roomId: string, epoch: number): boolean {
    this.store.apply(roomId, { kind: 'position', head: 0, rev: 0, epoch });
    return !(epoch < (this.store.state(roomId)?.knownEpoch ?? 0));
  }

  private sent(message: ChatMessage): void {
    this.store.apply(message.roomId, { kind: 'messages', messages: [message] });
    const cursor = this.store.state(message.roomId)?.cursor ?? message.messageId;
    this.outbox.shown(message.roomId, cursor, []);
  }

  /** What is pending may stand in the log already: sent by an earlier program, or with an outcome that was not known. */
  private compareWithOutbox(roomId: string): void {
    const state = this.store.state(roomId);
    if (state) this.outbox.shown(roomId, state.cursor, ownOf(state, state.messages));
  }

  private roomChanged(step: RoomStep): void {
    const { roomId, after, shown } = step;
    if (!after) {
      this.outbox.drop(roomId);
      this.receipts.drop(roomId);
    } else {
      const own = ownOf(after, shown);
      if (!step.before) {
        this.receipts.known(roomId, { delivered: after.room.deliveredUpTo, read: after.room.readUpTo });
      }
      // The server does this too (R12: marks only rise), but not when it learns of an earlier read only afterwards.
      if (own.length > 0) this.receipts.read(roomId, after.marks.get(after.me)?.read ?? 0);
      if (step.before?.cursor !== after.cursor) this.outbox.shown(roomId, after.cursor, own);
      if (beginsEarlier(step)) this.compareWithOutbox(roomId);
      if (after.messages.length > 0) this.receipts.delivered(roomId, after.cursor);
      if (lacksSomething(after) && step.before !== after) this.catchUp.soon(roomId);
      this.members.look(after);
    }
    this.news.tell(step);
  }
}

/** A page was put in front. */
function beginsEarlier({ before, after }: RoomStep): boolean {
  const [first] = after?.messages ?? [];
  return first !== undefined && first.messageId < (before?.messages[0]?.messageId ?? 0);
}

function ownOf({ me }: RoomState, messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return messages.filter(({ senderId }) => senderId === me);
}

/** What is answered with a room. */
type RoomRequest = {
  [Name in keyof ClientRequests]: ClientRequests[Name]['data'] extends ChatRoom ? Name : never;
}[keyof ClientRequests];
