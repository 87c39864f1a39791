import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AnswersModule } from '../../answers/answers.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../websocket/chat/chat.module.js';
import { DevTokenController } from './dev-token.controller.js';
import { HttpErrorFilter } from './http-error.filter.js';
import { OperationsController } from './operations.controller.js';

/** The HTTP side of the chat. */
@Module({
  imports: [AnswersModule, AuthModule, ChatModule],
  controllers: [DevTokenController, OperationsController],
  providers: [{ provide: APP_FILTER, useClass: HttpErrorFilter }],
})
export class HttpModule {}
