import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import type { ChatMessage } from '@parlance/proto';
import type { Answer } from '../../answers/answer.js';
import { HttpAuthGuard } from '../auth/guards/http-auth.guard.js';
import type { Caller } from '../auth/tokens/caller.js';
import { ChatDistributorService, type SentMessage } from '../websocket/chat/chat-distributor.service.js';
import { getHistoryDto } from '../websocket/chat/dto/get-history.dto.js';
import { sendMessageDto } from '../websocket/chat/dto/send-message.dto.js';
import { validate } from '../websocket/chat/dto/validate.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { withNumbers, withRoom } from './http-payload.js';
import { RequestCaller } from './request-caller.decorator.js';

/** Messages over HTTP: the same operations, rules and answers as the socket events. */
@Controller('api/v1/rooms/:roomId/messages')
@UseGuards(HttpAuthGuard)
@UseInterceptors(AnswerInterceptor)
export class MessagesController {
  constructor(private readonly distributor: ChatDistributorService) {}

  @Post()
  @HttpCode(200)
  sendMessage(
    @RequestCaller() caller: Caller,
    @Param('roomId') roomId: string,
    @Body() body: unknown,
  ): Promise<Answer<SentMessage>> {
    return this.distributor.sendMessage(caller, validate(sendMessageDto, withRoom(roomId, body)));
  }

  @Get()
  getHistory(
    @RequestCaller() caller: Caller,
    @Param('roomId') roomId: string,
    @Query() query: Record<string, unknown>,
  ): Promise<Answer<readonly ChatMessage[]>> {
    return this.distributor.getMessageHistory(caller, validate(getHistoryDto, withRoom(roomId, withNumbers(query))));
  }
}
