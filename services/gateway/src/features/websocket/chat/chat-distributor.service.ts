import type { ClientRequests } from '@parlance/proto';
import type {
  CalledDefinition,
  CalledOperation,
  CallOf,
  PayloadOf,
  RequestOf,
  ResponseOf,
} from '@parlance/proto/operations';
import type { Answer } from '../../../answers/answer.js';
import { present, toAnswer } from '../../../answers/answer.mapper.js';
import { toChatMessage, toResumedRoom } from '../../../answers/wire-to-chat.mapper.js';
import type { Caller } from '../../auth/tokens/caller.js';
import { ChatServicePool } from '../../chat-service/calls/chat-service-pool.js';
import type { CallContext } from '../../chat-service/streams/pending-call.js';
import { ChatSyncService } from '../hearing/chat-sync.service.js';
import { ToldTyping } from './told-typing.js';

/**
 * Routes each request to the chat service and maps its answer. The same for sockets and HTTP. An operation without a
 * {@link Rule} takes its payload as the request and has its answer from {@link toAnswer}.
 */
export class ChatDistributorService {
  /** What is particular to some operations. */
  private readonly rules: Rules = {
    // Without a clientMessageId it gets one here, before the first attempt (R5: a client id makes a retry safe). Sends
    // of one socket in one room are first in, first out (R11: sends keep their order).
    sendMessage: {
      request: (payload) => this.toSendRequest(payload),
      context: ({ session }, { roomId }) => (session === undefined ? {} : { line: `${session.id} ${roomId}` }),
      done: (_caller, { roomId }, { message, epoch }) =>
        this.sync.acknowledged(roomId, present(message).messageId, epoch),
      answer: toSentMessage,
    },
    // Whoever hears the room says how far: then a page may be of a moment ago, since it shows all that they were told of.
    getHistory: {
      request: (payload, { userId, session }) => {
        const seen = this.sync.seenBy(userId, session, payload.roomId);
        return seen === undefined ? payload : { ...payload, seen };
      },
    },
    sendSystemMessage: { request: (payload) => this.toSendRequest(payload), answer: toSentMessage },
    // Creating a group twice makes two, so it is never repeated.
    createRoom: {
      request: ({ metadata, ...rest }) => ({ ...rest, metadata }),
      context: (_caller, { roomType }) => ({ repeatable: roomType === '1v1' }),
      done: ({ userId }, _payload, { room }) => this.sync.roomEntered(userId, present(room)),
    },
    joinRoom: { done: ({ userId }, _payload, { room }) => this.sync.roomEntered(userId, present(room)) },
    updateRoom: {
      request: ({ joinRule = '', historyVisibility = '', ...rest }) => ({
        metadata: undefined,
        ...rest,
        joinRule,
        historyVisibility,
      }),
    },
    // The same again within a moment is not passed on.
    typing: {
      known: ({ userId }, { roomId, isTyping }) => (this.toldTyping.knows(userId, roomId, isTyping) ? {} : undefined),
      done: ({ userId }, { roomId, isTyping }) => this.toldTyping.note(userId, roomId, isTyping),
    },
    // Of no rooms it is answered here: clients test by it whether their connection is alive.
    resume: {
      known: (_caller, { rooms }) => (rooms.length === 0 ? { rooms: {} } : undefined),
      answer: ({ rooms }) => ({
        data: { rooms: Object.fromEntries(rooms.map((room) => [room.roomId, toResumedRoom(room)])) },
      }),
    },
    revokeUser: {
      answer: ({ revokedBefore }, { userId }) => ({
        data: { userId, revokedBefore: new Date(revokedBefore).toISOString() },
      }),
    },
  };

  constructor(
    private readonly pool: ChatServicePool,
    private readonly sync: ChatSyncService,
    private readonly toldTyping: ToldTyping,
    private readonly newClientMessageId: () => string,
  ) {}

  /**
   * Asks for an operation with a valid payload of it. Whether the caller's token allows it was decided before. The call leaves in
   * the turn in which this was called, so requests keep their order.
   *
   * @throws ChatError (rejects).
   */
  async ask(operation: CalledDefinition, caller: Caller, valid: unknown): Promise<Answer<unknown>> {
    const rule = (this.rules[operation.name] ?? {}) as Rule<CalledOperation>;
    const payload = valid as PayloadOf<CalledOperation>;
    const known = rule.known?.(caller, payload);
    if (known !== undefined) return { data: known };
    const request = rule.request?.(payload, caller) ?? payload;
    const context = { ...contextOf(caller, payload), ...rule.context?.(caller, payload) };
    const response = await this.pool.call(operation.call.name, request, context);
    rule.done?.(caller, payload, response);
    return rule.answer?.(response, payload) ?? toAnswer(operation, response, payload);
  }

  private toSendRequest<Payload extends Send>(payload: Payload) {
    const { metadata, clientMessageId = this.newClientMessageId(), ...rest } = payload;
    return { ...rest, clientMessageId, metadataJson: metadata?.json ?? '' };
  }
}

/** What an operation has beyond its definition. */
interface Rule<Name extends CalledOperation> {
  /** The data, where nobody needs to be asked. */
  known?(caller: Caller, payload: PayloadOf<Name>): object | undefined;
  /** Needed where the payload itself is none. */
  request?(payload: PayloadOf<Name>, caller: Caller): RequestOf<CallOf<Name>>;
  context?(caller: Caller, payload: PayloadOf<Name>): Partial<CallContext>;
  /** Called when it was done. */
  done?(caller: Caller, payload: PayloadOf<Name>, response: ResponseOf<CallOf<Name>>): void;
  answer?(response: ResponseOf<CallOf<Name>>, payload: PayloadOf<Name>): Answer<unknown>;
}

/** Operations whose payload is not the request of their call. */
type Translated = {
  [Name in CalledOperation]: PayloadOf<Name> extends RequestOf<CallOf<Name>> ? never : Name;
}[CalledOperation];

type Rules = { readonly [Name in CalledOperation]?: Rule<Name> } & {
  readonly [Name in Translated]: Required<Pick<Rule<Name>, 'request'>>;
};

type Send = PayloadOf<'sendMessage'> | PayloadOf<'sendSystemMessage'>;

/** A stored message, whether an earlier attempt had stored it, and in which epoch of the room's log. */
function toSentMessage({
  message,
  deduplicated,
  epoch,
}: ResponseOf<'sendMessage'>): Answer<ClientRequests['sendMessage']['data']> {
  return { data: { ...toChatMessage(present(message)), deduplicated, epoch } };
}

function contextOf(
  { userId, traceId, deadlineAt }: Caller,
  payload: { readonly roomId?: string } | object,
): CallContext {
  const roomId = 'roomId' in payload ? payload.roomId : undefined;
  return { userId, traceId, deadlineAt, ...(roomId === undefined ? {} : { roomId }) };
}
