import { z } from 'zod';
import { devTokenDto } from '../http/dev-token.dto.js';
import { addParticipantsDto } from '../websocket/chat/dto/add-participants.dto.js';
import { createRoomDto } from '../websocket/chat/dto/create-room.dto.js';
import { sentMessageTypeDto } from '../websocket/chat/dto/enum.dto.js';
import { getHistoryDto } from '../websocket/chat/dto/get-history.dto.js';
import { roomIdDto, systemSenderDto, userIdDto } from '../websocket/chat/dto/id.dto.js';
import { joinRoomDto } from '../websocket/chat/dto/join-room.dto.js';
import { leaveRoomDto } from '../websocket/chat/dto/leave-room.dto.js';
import { listRoomsDto } from '../websocket/chat/dto/list-rooms.dto.js';
import { receiptDto } from '../websocket/chat/dto/receipt.dto.js';
import { refreshTokenDto } from '../websocket/chat/dto/refresh-token.dto.js';
import { removeParticipantDto } from '../websocket/chat/dto/remove-participant.dto.js';
import { resumeDto, roomCursorDto } from '../websocket/chat/dto/resume.dto.js';
import { roomMetadataDto } from '../websocket/chat/dto/room-metadata.dto.js';
import { sendMessageDto } from '../websocket/chat/dto/send-message.dto.js';
import { sendSystemMessageDto } from '../websocket/chat/dto/send-system-message.dto.js';
import { setRoleDto } from '../websocket/chat/dto/set-role.dto.js';
import { typingDto } from '../websocket/chat/dto/typing.dto.js';
import { updateRoomDto } from '../websocket/chat/dto/update-room.dto.js';

/** What clients send, by the names of the documents: the schemas by which the gateway checks it. */
export const payloadSchemas = {
  RoomId: roomIdDto,
  UserId: userIdDto,
  AssignableRole: setRoleDto.shape.role,
  RoomMetadataInput: roomMetadataDto,
  SentMessageType: sentMessageTypeDto,
  SystemSenderId: systemSenderDto,
  SendMessagePayload: sendMessageDto,
  SendSystemMessagePayload: sendSystemMessageDto,
  FromDate: getHistoryDto.shape.fromDate.unwrap(),
  GetHistoryPayload: getHistoryDto,
  CreateRoomPayload: createRoomDto,
  JoinRoomPayload: joinRoomDto,
  LeaveRoomPayload: leaveRoomDto,
  ListRoomsPayload: listRoomsDto,
  ReceiptPayload: receiptDto,
  TypingPayload: typingDto,
  UpdateRoomPayload: updateRoomDto,
  AddParticipantsPayload: addParticipantsDto,
  RemoveParticipantPayload: removeParticipantDto,
  SetRolePayload: setRoleDto,
  RoomCursor: roomCursorDto,
  ResumePayload: resumeDto,
  RefreshTokenPayload: refreshTokenDto,
  AddParticipantPayload: z.strictObject({ userId: userIdDto }),
  CreateDevTokenPayload: devTokenDto,
} as const;
