import type { Metadata, ServerDuplexStream, ServerUnaryCall } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import { chatProto, type ExchangeRequest, type ExchangeResponse, metadataKeys } from '@parlance/proto';
import { type CallName, calls, capitalised, type RequestOf } from '@parlance/proto/operations';
import { type CallEnvelope, CallRunner } from './call-runner.js';
import { ExchangeSessions } from './exchange-sessions.js';

type Unary = ServerUnaryCall<unknown, unknown>;

/** `chat.v1.ChatService`: each call as a unary RPC, see {@link addRpc}, and all of them on the gateways' stream. */
@Controller()
export class ChatController {
  constructor(
    readonly runner: CallRunner,
    private readonly sessions: ExchangeSessions,
  ) {}

  @GrpcStreamCall(chatProto.service, 'Exchange')
  exchange(stream: ServerDuplexStream<ExchangeRequest, ExchangeResponse>): void {
    this.sessions.serve(stream);
  }
}

for (const name of Object.keys(calls) as CallName[]) addRpc(name);

/** Adds the method of a call, as a decorated one would be there. */
function addRpc(name: CallName): void {
  const { prototype } = ChatController;
  const value = function (this: ChatController, request: RequestOf<CallName>, metadata: Metadata, call: Unary) {
    return this.runner.run(name, envelopeOf(metadata, call, this.runner.clock.now()), request);
  };
  const method = { value, configurable: true };
  Object.defineProperty(prototype, name, method);
  GrpcMethod(chatProto.service, capitalised(name))(prototype, name, method);
}

function envelopeOf(metadata: Metadata, call: Unary, now: number): CallEnvelope {
  const deadline = Number(call.getDeadline());
  return {
    userId: String(metadata.get(metadataKeys.userId)[0] ?? ''),
    traceId: String(metadata.get(metadataKeys.traceId)[0] ?? ''),
    // At least 1: what has passed its deadline must not get the time of a call without one.
    deadlineMs: Number.isFinite(deadline) ? Math.max(1, deadline - now) : 0,
  };
}
