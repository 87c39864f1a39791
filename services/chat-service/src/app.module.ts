import { type DynamicModule, Module } from '@nestjs/common';
import { assemble } from './assembly/assemble.js';
import type { ChatServiceParts } from './assembly/chat-service-parts.js';
import { type CallClock, CallRunner } from './features/calls/call-runner.js';
import { ChatController } from './features/calls/chat.controller.js';
import { ExchangeSessions } from './features/calls/exchange-sessions.js';

const clock: CallClock = { now: () => Date.now(), elapsedMs: () => performance.now() };

/** The chat service: one controller over services over stores, each made here and nowhere else. */
@Module({})
export class AppModule {
  /** Puts the application together. */
  static of(parts: ChatServiceParts): DynamicModule {
    const runner = new CallRunner(assemble(parts), parts.metrics, parts.logger, clock);
    const sessions = new ExchangeSessions(runner, parts.publishing, parts.metrics);
    return {
      module: AppModule,
      controllers: [ChatController],
      providers: [
        { provide: CallRunner, useValue: runner },
        { provide: ExchangeSessions, useValue: sessions },
      ],
    };
  }
}
