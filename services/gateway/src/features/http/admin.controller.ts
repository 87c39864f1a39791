import { Body, Controller, HttpCode, Param, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import type { Answer } from '../../answers/answer.js';
import { HttpAuthGuard } from '../auth/guards/http-auth.guard.js';
import { scopeGuard } from '../auth/guards/scope.guard.js';
import type { Caller } from '../auth/tokens/caller.js';
import { ChatDistributorService, type RevokedUser } from '../websocket/chat/chat-distributor.service.js';
import { revokeUserDto } from '../websocket/chat/dto/revoke-user.dto.js';
import { validate } from '../websocket/chat/dto/validate.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { withUser } from './http-payload.js';
import { RequestCaller } from './request-caller.decorator.js';

/** What operators may do; for tokens with the scope `admin`. */
@Controller('api/v1/admin/users')
@UseGuards(HttpAuthGuard, scopeGuard('admin'))
@UseInterceptors(AnswerInterceptor)
export class AdminController {
  constructor(private readonly distributor: ChatDistributorService) {}

  @Post(':userId/revoke')
  @HttpCode(200)
  revokeUser(
    @RequestCaller() caller: Caller,
    @Param('userId') userId: string,
    @Body() body: unknown = {},
  ): Promise<Answer<RevokedUser>> {
    return this.distributor.revokeUser(caller, validate(revokeUserDto, withUser(userId, body)));
  }
}
