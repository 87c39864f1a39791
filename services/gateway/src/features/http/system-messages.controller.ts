import { Body, Controller, HttpCode, Param, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import type { Answer } from '../../answers/answer.js';
import { HttpAuthGuard } from '../auth/guards/http-auth.guard.js';
import { scopeGuard } from '../auth/guards/scope.guard.js';
import type { Caller } from '../auth/tokens/caller.js';
import { ChatDistributorService, type SentMessage } from '../websocket/chat/chat-distributor.service.js';
import { sendSystemMessageDto } from '../websocket/chat/dto/send-system-message.dto.js';
import { validate } from '../websocket/chat/dto/validate.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { withRoom } from './http-payload.js';
import { RequestCaller } from './request-caller.decorator.js';

/** What backends say in rooms in the name of the installation; for tokens with the scope `system`. */
@Controller('api/v1/rooms/:roomId/system-messages')
@UseGuards(HttpAuthGuard, scopeGuard('system'))
@UseInterceptors(AnswerInterceptor)
export class SystemMessagesController {
  constructor(private readonly distributor: ChatDistributorService) {}

  @Post()
  @HttpCode(200)
  sendSystemMessage(
    @RequestCaller() caller: Caller,
    @Param('roomId') roomId: string,
    @Body() body: unknown,
  ): Promise<Answer<SentMessage>> {
    return this.distributor.sendSystemMessage(caller, validate(sendSystemMessageDto, withRoom(roomId, body)));
  }
}
