import { type DynamicModule, Module } from '@nestjs/common';
import type { Gateway } from './assembly/assemble.js';
import type { DocsParts } from './features/docs/pages/docs-parts.js';
import { DevTokenController } from './features/http/dev-token.controller.js';
import { OperationsController } from './features/http/operations.controller.js';
import { ChatGateway } from './features/websocket/chat/chat.gateway.js';

/** Nest's part of the gateway: its controllers and its socket gateway, over objects that are made already. */
@Module({})
export class AppModule {
  /** Puts it around a gateway and the documentation. */
  static of({ served, devTokens }: Gateway, docs: DocsParts): DynamicModule {
    const ready = [...served, ...(devTokens ? [devTokens] : [])];
    return {
      module: AppModule,
      controllers: [OperationsController, ...(devTokens ? [DevTokenController] : []), ...docs.controllers],
      providers: [
        ChatGateway,
        ...docs.providers,
        ...ready.map((useValue) => ({ provide: useValue.constructor, useValue })),
      ],
    };
  }
}
