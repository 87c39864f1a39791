import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  ChatError,
  type ChatMessage,
  type ChatRoom,
  type Receipt,
  type ResumedRoom,
  type UserId,
} from '@parlance/proto';
import type { Answer } from '../../../answers/answer.js';
import { toChatMessage, toChatRoom, toResumedRoom } from '../../../answers/wire-to-chat.mapper.js';
import type { Caller } from '../../auth/tokens/caller.js';
import { ChatServicePool } from '../../chat-service/calls/chat-service-pool.js';
import type { CallContext } from '../../chat-service/streams/pending-call.js';
import { ChatSyncService } from '../hearing/chat-sync.service.js';
import type { AddParticipantsDto } from './dto/add-participants.dto.js';
import type { CreateRoomDto } from './dto/create-room.dto.js';
import type { GetHistoryDto } from './dto/get-history.dto.js';
import type { JoinRoomDto } from './dto/join-room.dto.js';
import type { LeaveRoomDto } from './dto/leave-room.dto.js';
import type { ListRoomsDto } from './dto/list-rooms.dto.js';
import type { ReceiptDto } from './dto/receipt.dto.js';
import type { RemoveParticipantDto } from './dto/remove-participant.dto.js';
import type { ResumeDto } from './dto/resume.dto.js';
import type { RevokeUserDto } from './dto/revoke-user.dto.js';
import type { SendMessageDto } from './dto/send-message.dto.js';
import type { SendSystemMessageDto } from './dto/send-system-message.dto.js';
import type { SetRoleDto } from './dto/set-role.dto.js';
import type { TypingDto } from './dto/typing.dto.js';
import type { UpdateRoomDto } from './dto/update-room.dto.js';
import { ToldTyping } from './told-typing.js';

/**
 * Routes each request to the chat service and maps its answer. The same for sockets and HTTP. Every method rejects with
 * a ChatError; a call leaves in the turn in which its method was called, so requests keep their order.
 */
@Injectable()
export class ChatDistributorService {
  constructor(
    private readonly pool: ChatServicePool,
    private readonly sync: ChatSyncService,
    private readonly toldTyping: ToldTyping,
  ) {}

  /**
   * Sends a message. Without a clientMessageId it gets one here, before the first attempt (R5). Sends of one socket in
   * one room are first in, first out (R11).
   */
  async sendMessage(caller: Caller, dto: SendMessageDto): Promise<Answer<SentMessage>> {
    const { roomId, content, messageType, clientMessageId = randomUUID(), metadata } = dto;
    const request = { roomId, content, messageType, clientMessageId, metadataJson: metadata?.json ?? '' };
    const line = caller.session === undefined ? {} : { line: `${caller.session.id} ${roomId}` };
    const context = { ...contextOf(caller, roomId), ...line };
    const { message, deduplicated, epoch } = await this.pool.call('sendMessage', request, context);
    return { data: { ...toChatMessage(present(message)), deduplicated, epoch } };
  }

  /** Says something in the name of the installation. Whether the caller may do so was decided before. */
  async sendSystemMessage(caller: Caller, dto: SendSystemMessageDto): Promise<Answer<SentMessage>> {
    const { roomId, content, senderId, clientMessageId = randomUUID(), metadata } = dto;
    const request = { roomId, content, senderId, clientMessageId, metadataJson: metadata?.json ?? '' };
    const { message, deduplicated, epoch } = await this.pool.call(
      'sendSystemMessage',
      request,
      contextOf(caller, roomId),
    );
    return { data: { ...toChatMessage(present(message)), deduplicated, epoch } };
  }

  /** One page of a room's messages, ascending. */
  async getMessageHistory(caller: Caller, dto: GetHistoryDto): Promise<Answer<readonly ChatMessage[]>> {
    const page = await this.pool.call('getMessageHistory', dto, contextOf(caller, dto.roomId));
    const cut = page.truncated ? ({ truncated: true, firstAvailableId: page.firstAvailableId } as const) : {};
    return { data: page.messages.map(toChatMessage), hasMore: page.hasMore, ...cut };
  }

  /** Becomes a participant, or answers the room to one who is. */
  async joinRoom(caller: Caller, { roomId }: JoinRoomDto): Promise<Answer<ChatRoom>> {
    const { room } = await this.pool.call('joinRoom', { roomId }, contextOf(caller, roomId));
    this.sync.roomEntered(caller.userId, present(room));
    return { data: toChatRoom(present(room)) };
  }

  /** Gives up participation; the event of it takes the sockets out. */
  async leaveRoom(caller: Caller, { roomId }: LeaveRoomDto): Promise<Answer<{ readonly roomId: string }>> {
    await this.pool.call('leaveRoom', { roomId }, contextOf(caller, roomId));
    return { data: { roomId } };
  }

  /** Creates a room, or finds the 1v1 that exists. Creating a group twice makes two, so it is never repeated. */
  async createRoom(caller: Caller, dto: CreateRoomDto): Promise<Answer<ChatRoom>> {
    const context = { ...contextOf(caller), repeatable: dto.roomType === '1v1' };
    const { room } = await this.pool.call('createRoom', { ...dto, metadata: dto.metadata }, context);
    this.sync.roomEntered(caller.userId, present(room));
    return { data: toChatRoom(present(room)) };
  }

  /** One room of the caller. */
  async getRoom(caller: Caller, { roomId }: JoinRoomDto): Promise<Answer<ChatRoom>> {
    const { room } = await this.pool.call('getRoom', { roomId }, contextOf(caller, roomId));
    return { data: toChatRoom(present(room)) };
  }

  /** One page of the caller's rooms, by last activity. */
  async listRooms(caller: Caller, dto: ListRoomsDto): Promise<Answer<readonly ChatRoom[]>> {
    const { rooms, hasMore, cursor } = await this.pool.call('listRooms', dto, contextOf(caller));
    return { data: rooms.map(toChatRoom), hasMore, ...(cursor === '' ? {} : { cursor }) };
  }

  /** Everything up to a message has reached the caller. */
  async markMessageDelivered(caller: Caller, { roomId, messageId }: ReceiptDto): Promise<Answer<Receipt>> {
    await this.pool.call('markMessageDelivered', { roomId, messageId }, contextOf(caller, roomId));
    return { data: { roomId, messageId } };
  }

  /** The caller has read everything up to a message. */
  async markMessageRead(caller: Caller, { roomId, messageId }: ReceiptDto): Promise<Answer<Receipt>> {
    await this.pool.call('markMessageRead', { roomId, messageId }, contextOf(caller, roomId));
    return { data: { roomId, messageId } };
  }

  /** The caller has begun or stopped typing. The same again within a moment is not passed on. */
  async typing(caller: Caller, { roomId, isTyping }: TypingDto): Promise<Answer<Readonly<Record<string, never>>>> {
    if (this.toldTyping.knows(caller.userId, roomId, isTyping)) return { data: {} };
    await this.pool.call('setTyping', { roomId, isTyping }, contextOf(caller, roomId));
    this.toldTyping.note(caller.userId, roomId, isTyping);
    return { data: {} };
  }

  /** Changes what a room shows of itself and its rules. */
  async updateRoom(caller: Caller, dto: UpdateRoomDto): Promise<Answer<ChatRoom>> {
    const { roomId, metadata, joinRule = '', historyVisibility = '' } = dto;
    const request = { roomId, metadata, joinRule, historyVisibility };
    const { room } = await this.pool.call('updateRoom', request, contextOf(caller, roomId));
    return { data: toChatRoom(present(room)) };
  }

  /** Lets others in. */
  async addParticipants(caller: Caller, dto: AddParticipantsDto): Promise<Answer<ChatRoom>> {
    const { room } = await this.pool.call('addParticipants', dto, contextOf(caller, dto.roomId));
    return { data: toChatRoom(present(room)) };
  }

  /** Removes somebody. */
  async removeParticipant(caller: Caller, dto: RemoveParticipantDto): Promise<Answer<ChatRoom>> {
    const { room } = await this.pool.call('removeParticipant', dto, contextOf(caller, dto.roomId));
    return { data: toChatRoom(present(room)) };
  }

  /** Makes a participant an admin, or an admin a participant. */
  async setRole(caller: Caller, dto: SetRoleDto): Promise<Answer<ChatRoom>> {
    const { room } = await this.pool.call('setRole', dto, contextOf(caller, dto.roomId));
    return { data: toChatRoom(present(room)) };
  }

  /** Ends all tokens of a user that were issued before now. Whether the caller may do so was decided before. */
  async revokeUser(caller: Caller, { userId }: RevokeUserDto): Promise<Answer<RevokedUser>> {
    const { revokedBefore } = await this.pool.call('revokeUser', { userId }, contextOf(caller));
    return { data: { userId, revokedBefore: new Date(revokedBefore).toISOString() } };
  }

  /** What the caller missed in each room (R10). Of no rooms it is answered here: clients test by it whether their link is alive. */
  async resume(caller: Caller, dto: ResumeDto): Promise<Answer<{ readonly rooms: Record<string, ResumedRoom> }>> {
    if (dto.rooms.length === 0) return { data: { rooms: {} } };
    const { rooms } = await this.pool.call('resume', dto, contextOf(caller));
    return { data: { rooms: Object.fromEntries(rooms.map((room) => [room.roomId, toResumedRoom(room)])) } };
  }
}

/** A stored message, whether an earlier attempt had stored it, and in which epoch of the room's log. */
export type SentMessage = ChatMessage & { readonly deduplicated: boolean; readonly epoch: number };

/** Whose tokens were ended, and those issued until when, ISO 8601. */
export interface RevokedUser {
  readonly userId: string;
  readonly revokedBefore: string;
}

function contextOf(
  { userId, traceId, deadlineAt }: Caller,
  roomId?: string,
): CallContext & { readonly userId: UserId } {
  return { userId, traceId, deadlineAt, ...(roomId === undefined ? {} : { roomId }) };
}

/** Protobuf cannot say that a message field is always there. */
function present<Value>(value: Value | undefined): Value {
  if (value === undefined || value === null) throw new ChatError('INTERNAL', { cause: new Error('empty response') });
  return value;
}
