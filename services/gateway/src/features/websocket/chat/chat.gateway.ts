import {
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import type { ChatMessage, ChatRoom, Receipt, ResumedRoom } from '@parlance/proto';
import type { Namespace, Socket } from 'socket.io';
import type { Answer } from '../../../answers/answer.js';
import type { Caller } from '../../auth/tokens/caller.js';
import { ChatSessionService } from '../sessions/chat-session.service.js';
import { SocketAuth } from '../sessions/socket-auth.js';
import { namespace } from '../transport/frame.js';
import { LocalSocket } from '../transport/local-socket.js';
import { releaseHandshake } from '../transport/socket-internals.js';
import { ChatDistributorService, type SentMessage } from './chat-distributor.service.js';
import { addParticipantsDto } from './dto/add-participants.dto.js';
import { createRoomDto } from './dto/create-room.dto.js';
import { getHistoryDto } from './dto/get-history.dto.js';
import { joinRoomDto } from './dto/join-room.dto.js';
import { leaveRoomDto } from './dto/leave-room.dto.js';
import { listRoomsDto } from './dto/list-rooms.dto.js';
import { receiptDto } from './dto/receipt.dto.js';
import { refreshTokenDto } from './dto/refresh-token.dto.js';
import { removeParticipantDto } from './dto/remove-participant.dto.js';
import { resumeDto } from './dto/resume.dto.js';
import { sendMessageDto } from './dto/send-message.dto.js';
import { setRoleDto } from './dto/set-role.dto.js';
import { typingDto } from './dto/typing.dto.js';
import { updateRoomDto } from './dto/update-room.dto.js';
import { validate } from './dto/validate.js';
import { SocketDispatcher, type SocketHandlers } from './socket-dispatcher.js';

/** The socket side of the chat: one method for every client event. Called by the {@link SocketDispatcher}. */
@WebSocketGateway({ namespace })
export class ChatGateway implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, SocketHandlers {
  constructor(
    private readonly distributor: ChatDistributorService,
    private readonly sessions: ChatSessionService,
    private readonly auth: SocketAuth,
    private readonly dispatcher: SocketDispatcher,
  ) {}

  afterInit(server: Namespace): void {
    this.dispatcher.register(this);
    server.use(this.auth.middleware);
  }

  handleConnection(socket: Socket): void {
    releaseHandshake(socket);
    void this.sessions.open(LocalSocket.of(socket));
  }

  /** A connection that left the namespace has no other use. */
  handleDisconnect(socket: Socket): void {
    this.sessions.close(LocalSocket.of(socket));
    socket.conn.close();
  }

  @SubscribeMessage('sendMessage')
  sendMessage(caller: Caller, payload: unknown): Promise<Answer<SentMessage>> {
    return this.distributor.sendMessage(caller, validate(sendMessageDto, payload));
  }

  @SubscribeMessage('getHistory')
  getHistory(caller: Caller, payload: unknown): Promise<Answer<readonly ChatMessage[]>> {
    return this.distributor.getMessageHistory(caller, validate(getHistoryDto, payload));
  }

  @SubscribeMessage('createRoom')
  createRoom(caller: Caller, payload: unknown): Promise<Answer<ChatRoom>> {
    return this.distributor.createRoom(caller, validate(createRoomDto, payload));
  }

  @SubscribeMessage('joinRoom')
  joinRoom(caller: Caller, payload: unknown): Promise<Answer<ChatRoom>> {
    return this.distributor.joinRoom(caller, validate(joinRoomDto, payload));
  }

  @SubscribeMessage('leaveRoom')
  leaveRoom(caller: Caller, payload: unknown): Promise<Answer<{ readonly roomId: string }>> {
    return this.distributor.leaveRoom(caller, validate(leaveRoomDto, payload));
  }

  @SubscribeMessage('listRooms')
  listRooms(caller: Caller, payload: unknown): Promise<Answer<readonly ChatRoom[]>> {
    return this.distributor.listRooms(caller, validate(listRoomsDto, payload));
  }

  @SubscribeMessage('messageDelivered')
  messageDelivered(caller: Caller, payload: unknown): Promise<Answer<Receipt>> {
    return this.distributor.markMessageDelivered(caller, validate(receiptDto, payload));
  }

  @SubscribeMessage('messageRead')
  messageRead(caller: Caller, payload: unknown): Promise<Answer<Receipt>> {
    return this.distributor.markMessageRead(caller, validate(receiptDto, payload));
  }

  @SubscribeMessage('typing')
  typing(caller: Caller, payload: unknown): Promise<Answer<Readonly<Record<string, never>>>> {
    return this.distributor.typing(caller, validate(typingDto, payload));
  }

  @SubscribeMessage('updateRoom')
  updateRoom(caller: Caller, payload: unknown): Promise<Answer<ChatRoom>> {
    return this.distributor.updateRoom(caller, validate(updateRoomDto, payload));
  }

  @SubscribeMessage('addParticipants')
  addParticipants(caller: Caller, payload: unknown): Promise<Answer<ChatRoom>> {
    return this.distributor.addParticipants(caller, validate(addParticipantsDto, payload));
  }

  @SubscribeMessage('removeParticipant')
  removeParticipant(caller: Caller, payload: unknown): Promise<Answer<ChatRoom>> {
    return this.distributor.removeParticipant(caller, validate(removeParticipantDto, payload));
  }

  @SubscribeMessage('setRole')
  setRole(caller: Caller, payload: unknown): Promise<Answer<ChatRoom>> {
    return this.distributor.setRole(caller, validate(setRoleDto, payload));
  }

  @SubscribeMessage('resume')
  resume(caller: Caller, payload: unknown): Promise<Answer<{ readonly rooms: Readonly<Record<string, ResumedRoom>> }>> {
    return this.distributor.resume(caller, validate(resumeDto, payload));
  }

  @SubscribeMessage('refreshToken')
  refreshToken(caller: Caller, payload: unknown): Promise<Answer<{ readonly expiresAt: string }>> {
    return this.auth.refresh(caller, validate(refreshTokenDto, payload).token);
  }
}
