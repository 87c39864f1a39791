import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AnswersModule } from '../../answers/answers.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../websocket/chat/chat.module.js';
import { AdminController } from './admin.controller.js';
import { DevTokenController } from './dev-token.controller.js';
import { HttpErrorFilter } from './http-error.filter.js';
import { MessagesController } from './messages.controller.js';
import { ParticipantsController } from './participants.controller.js';
import { RoomsController } from './rooms.controller.js';
import { SystemMessagesController } from './system-messages.controller.js';

/** The HTTP side of the chat. */
@Module({
  imports: [AnswersModule, AuthModule, ChatModule],
  controllers: [
    AdminController,
    DevTokenController,
    RoomsController,
    ParticipantsController,
    MessagesController,
    SystemMessagesController,
  ],
  providers: [{ provide: APP_FILTER, useClass: HttpErrorFilter }],
})
export class HttpModule {}
