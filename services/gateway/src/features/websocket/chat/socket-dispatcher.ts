import { EventEmitter, once } from 'node:events';
import { type Ack, ChatError, type ClientEventName, type ClientRequests, limits, toChatError } from '@parlance/proto';
import type { Socket } from 'socket.io';
import type { Answer } from '../../../answers/answer.js';
import { type JournalEntry, RequestJournal } from '../../../answers/request-journal.js';
import type { Caller, Callers } from '../../auth/tokens/caller.js';
import { EventLimits } from '../../limits/event-limits.js';
import { ackFrame, exceptionFrame } from '../transport/frame.js';
import { LocalSocket } from '../transport/local-socket.js';
import { type EventPacket, receiveEvents } from '../transport/socket-internals.js';

/**
 * The one place where client events become calls and results or errors become answers: one table for all sockets, one
 * listener a socket. Nest's own adapter builds a chain of observables per handler and socket instead, which was 4.6 KB
 * each when it was measured. The price: guards, pipes, interceptors and filters on gateway methods are not run.
 *
 * A handler is called in the turn in which the packet arrived; whatever it throws or rejects with is answered.
 */
export class SocketDispatcher {
  private readonly handlers = new Map<unknown, Handler>();
  private readonly quiet = new EventEmitter();
  private pending = 0;

  constructor(
    private readonly journal: RequestJournal,
    private readonly limits: EventLimits,
    private readonly callers: Callers,
  ) {}

  /** Fills the table. */
  register(handlers: SocketHandlers): void {
    for (const [event, run] of Object.entries(handlers)) this.handlers.set(event, { event, run });
  }

  /** Becomes the receiver of a connected socket's events. */
  attach(socket: Socket): void {
    receiveEvents(socket, this.onEvent);
  }

  /** Resolves when every request is answered, or `signal` aborts. */
  async idle(signal: AbortSignal): Promise<void> {
    while (this.pending > 0 && !signal.aborted) await once(this.quiet, 'idle', { signal }).catch(() => {});
  }

  /** Shared by all sockets, which is why it takes the socket as `this`. */
  private readonly onEvent = ((dispatcher: SocketDispatcher) =>
    function (this: Socket, packet: EventPacket): void {
      dispatcher.dispatch(LocalSocket.of(this), packet);
    })(this);

  private dispatch(socket: LocalSocket, { data = [], id, isTooLarge }: EventPacket): void {
    const retryAfterMs = this.limits.take(data[0], socket.userId);
    const handler = this.handlers.get(data[0]);
    const entry = this.journal.begin(handler?.event ?? 'unknown', socket.userId);
    if (!Number.isSafeInteger(id)) return this.refuseWithoutAck(socket, entry, retryAfterMs);
    const ackId = id as number;
    this.pending += 1;
    socket.requestBegan();
    const fail = (thrown: unknown): void => this.fail(socket, ackId, entry, toChatError(thrown, 'unknown'));
    try {
      if (retryAfterMs > 0) throw new ChatError('RATE_LIMITED', { retryAfterMs });
      if (socket.isLeaving) throw new ChatError('SHUTTING_DOWN');
      if (handler === undefined) throw new ChatError('INVALID_MESSAGE', { message: 'There is no such event.' });
      if (isTooLarge)
        throw new ChatError('MESSAGE_TOO_LARGE', { message: `An event has at most ${limits.eventBytes} bytes.` });
      if (data.length !== 2)
        throw new ChatError('INVALID_MESSAGE', { message: 'An event takes one object and an ack.' });
      const caller = { ...this.callers.of(socket.userId, entry.traceId), session: socket };
      handler.run(caller, data[1]).then((answer) => this.succeed(socket, ackId, entry, answer), fail);
    } catch (thrown) {
      fail(thrown);
    }
  }

  private succeed(socket: LocalSocket, ackId: number, entry: JournalEntry, answer: Answer<unknown>): void {
    this.answer(socket, ackId, this.journal.succeeded(entry, answer));
  }

  private fail(socket: LocalSocket, ackId: number, entry: JournalEntry, error: ChatError): void {
    this.answer(socket, ackId, this.journal.failed(entry, error));
  }

  private answer(socket: LocalSocket, ackId: number, ack: Ack<unknown>): void {
    socket.send(ackFrame(ackId, JSON.stringify(ack)));
    socket.requestEnded();
    this.pending -= 1;
    if (this.pending === 0) this.quiet.emit('idle');
  }

  /** Without an ack there is no way to answer, so nothing is done; the client learns its mistake by an event, as often as it may send any. */
  private refuseWithoutAck(socket: LocalSocket, entry: JournalEntry, retryAfterMs: number): void {
    if (retryAfterMs > 0) return void this.journal.failed(entry, new ChatError('RATE_LIMITED', { retryAfterMs }));
    const error = new ChatError('INVALID_MESSAGE', { message: 'The event needs an ack; nothing was done.' });
    socket.deliver(exceptionFrame(this.journal.failed(entry, error)));
  }
}

/** A handler for every client event. It gets who asks and the unchecked payload. */
export type SocketHandlers = {
  readonly [Name in ClientEventName]: (
    caller: Caller,
    payload: unknown,
  ) => Promise<Answer<ClientRequests[Name]['data']>>;
};

interface Handler {
  readonly event: string;
  readonly run: (caller: Caller, payload: unknown) => Promise<Answer<unknown>>;
}
