import { Controller, Delete, Get, HttpCode, Patch, Post, Req, UseGuards, UseInterceptors } from '@nestjs/common';
import { type CalledDefinition, calledOperations, type HttpRoute } from '@parlance/proto/operations';
import type { Answer } from '../../answers/answer.js';
import { HttpAuthGuard } from '../auth/guards/http-auth.guard.js';
import { scopeGuard } from '../auth/guards/scope.guard.js';
import type { Caller } from '../auth/tokens/caller.js';
import { ChatDistributorService } from '../websocket/chat/chat-distributor.service.js';
import { validate } from '../websocket/chat/dto/validate.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { HttpPayload, type RequestParts } from './http-payload.js';
import { RequestCaller } from './request-caller.decorator.js';

const routeOf = { get: Get, post: Post, patch: Patch, delete: Delete };

/**
 * The operations over HTTP: the same rules and answers as the socket events. It has a method of its name for every operation with
 * a route that the chat service does; see {@link addRoute}.
 */
@Controller()
@UseGuards(HttpAuthGuard)
@UseInterceptors(AnswerInterceptor)
export class OperationsController {
  constructor(readonly distributor: ChatDistributorService) {}
}

for (const operation of calledOperations) if (operation.http) addRoute(operation, operation.http);

/** Adds the method of an operation, as a decorated one would be there. */
function addRoute(operation: CalledDefinition, http: HttpRoute): void {
  const { name, payload: schema } = operation;
  const payload = new HttpPayload(http, schema);
  const { prototype } = OperationsController;
  Object.defineProperty(prototype, name, {
    configurable: true,
    value: {
      [name](this: OperationsController, caller: Caller, request: RequestParts): Promise<Answer<unknown>> {
        return this.distributor.ask(operation, caller, validate(schema, payload.of(request)));
      },
    }[name],
  });
  const method = Object.getOwnPropertyDescriptor(prototype, name) as TypedPropertyDescriptor<unknown>;
  routeOf[http.method](http.path.replaceAll(/\{(\w+)\}/g, ':$1'))(prototype, name, method);
  HttpCode(200)(prototype, name, method);
  if (http.scope) UseGuards(scopeGuard(http.scope))(prototype, name, method);
  RequestCaller()(prototype, name, 0);
  Req()(prototype, name, 1);
}
