import { Body, Controller, Delete, HttpCode, Param, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import type { ChatRoom } from '@parlance/proto';
import type { Answer } from '../../answers/answer.js';
import { HttpAuthGuard } from '../auth/guards/http-auth.guard.js';
import type { Caller } from '../auth/tokens/caller.js';
import { ChatDistributorService } from '../websocket/chat/chat-distributor.service.js';
import { addParticipantsDto } from '../websocket/chat/dto/add-participants.dto.js';
import { removeParticipantDto } from '../websocket/chat/dto/remove-participant.dto.js';
import { validate } from '../websocket/chat/dto/validate.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { withRoom, withUserIds } from './http-payload.js';
import { RequestCaller } from './request-caller.decorator.js';

/** Participants of a room over HTTP: the same operations, rules and answers as the socket events. */
@Controller('api/v1/rooms/:roomId/participants')
@UseGuards(HttpAuthGuard)
@UseInterceptors(AnswerInterceptor)
export class ParticipantsController {
  constructor(private readonly distributor: ChatDistributorService) {}

  @Post()
  @HttpCode(200)
  addParticipants(
    @RequestCaller() caller: Caller,
    @Param('roomId') roomId: string,
    @Body() body: unknown,
  ): Promise<Answer<ChatRoom>> {
    return this.distributor.addParticipants(caller, validate(addParticipantsDto, withRoom(roomId, withUserIds(body))));
  }

  @Delete(':userId')
  removeParticipant(
    @RequestCaller() caller: Caller,
    @Param('roomId') roomId: string,
    @Param('userId') userId: string,
  ): Promise<Answer<ChatRoom>> {
    return this.distributor.removeParticipant(caller, validate(removeParticipantDto, { roomId, userId }));
  }
}
