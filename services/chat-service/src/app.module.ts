import { type DynamicModule, Module } from '@nestjs/common';
import { assemble } from './assembly/assemble.js';
import type { ChatServiceParts } from './assembly/chat-service-parts.js';
import { PublishingState } from './events/publishing-state.js';
import { type CallClock, CallRunner } from './features/calls/call-runner.js';
import { ChatController } from './features/calls/chat.controller.js';

const clock: CallClock = { now: () => Date.now(), elapsedMs: () => performance.now() };

/** The chat service: one controller over services over stores, each made here and nowhere else. */
@Module({})
export class AppModule {
  /** Puts the application together. */
  static of(parts: ChatServiceParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [ChatController],
      providers: [
        { provide: CallRunner, useValue: new CallRunner(assemble(parts), parts.metrics, parts.logger, clock) },
        { provide: PublishingState, useValue: parts.publishing },
      ],
    };
  }
}
