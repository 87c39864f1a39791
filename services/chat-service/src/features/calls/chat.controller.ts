import type { Metadata, ServerDuplexStream, ServerUnaryCall } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { GrpcMethod, GrpcStreamCall } from '@nestjs/microservices';
import { type ExchangeRequest, type ExchangeResponse, metadataKeys, type wire } from '@parlance/proto';
import { PublishingState } from '../../events/publishing-state.js';
import { type CallEnvelope, CallRunner } from './call-runner.js';
import { ExchangeSession } from './exchange-session.js';

type Unary = ServerUnaryCall<unknown, unknown>;

/** `chat.v1.ChatService`: each operation as a unary RPC, and all of them on the gateways' stream. */
@Controller()
export class ChatController {
  constructor(
    private readonly runner: CallRunner,
    private readonly publishing: PublishingState,
  ) {}

  @GrpcMethod('ChatService', 'SendMessage')
  sendMessage(request: wire.SendMessageRequest, metadata: Metadata, call: Unary): Promise<wire.SendMessageResponse> {
    return this.runner.run('sendMessage', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'SendSystemMessage')
  sendSystemMessage(
    request: wire.SendSystemMessageRequest,
    metadata: Metadata,
    call: Unary,
  ): Promise<wire.SendSystemMessageResponse> {
    return this.runner.run('sendSystemMessage', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'GetMessageHistory')
  getMessageHistory(
    request: wire.GetMessageHistoryRequest,
    metadata: Metadata,
    call: Unary,
  ): Promise<wire.GetMessageHistoryResponse> {
    return this.runner.run('getMessageHistory', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'JoinRoom')
  joinRoom(request: wire.JoinRoomRequest, metadata: Metadata, call: Unary): Promise<wire.JoinRoomResponse> {
    return this.runner.run('joinRoom', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'LeaveRoom')
  leaveRoom(request: wire.LeaveRoomRequest, metadata: Metadata, call: Unary): Promise<wire.LeaveRoomResponse> {
    return this.runner.run('leaveRoom', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'CreateRoom')
  createRoom(request: wire.CreateRoomRequest, metadata: Metadata, call: Unary): Promise<wire.CreateRoomResponse> {
    return this.runner.run('createRoom', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'GetRoom')
  getRoom(request: wire.GetRoomRequest, metadata: Metadata, call: Unary): Promise<wire.GetRoomResponse> {
    return this.runner.run('getRoom', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'ListRooms')
  listRooms(request: wire.ListRoomsRequest, metadata: Metadata, call: Unary): Promise<wire.ListRoomsResponse> {
    return this.runner.run('listRooms', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'ListRoomHeads')
  listRoomHeads(
    request: wire.ListRoomHeadsRequest,
    metadata: Metadata,
    call: Unary,
  ): Promise<wire.ListRoomHeadsResponse> {
    return this.runner.run('listRoomHeads', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'GetRoomHeads')
  getRoomHeads(request: wire.GetRoomHeadsRequest, metadata: Metadata, call: Unary): Promise<wire.GetRoomHeadsResponse> {
    return this.runner.run('getRoomHeads', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'ListParticipants')
  listParticipants(
    request: wire.ListParticipantsRequest,
    metadata: Metadata,
    call: Unary,
  ): Promise<wire.ListParticipantsResponse> {
    return this.runner.run('listParticipants', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'Resume')
  resume(request: wire.ResumeRequest, metadata: Metadata, call: Unary): Promise<wire.ResumeResponse> {
    return this.runner.run('resume', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'MarkMessageDelivered')
  markMessageDelivered(
    request: wire.MarkMessageDeliveredRequest,
    metadata: Metadata,
    call: Unary,
  ): Promise<wire.MarkMessageDeliveredResponse> {
    return this.runner.run('markMessageDelivered', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'MarkMessageRead')
  markMessageRead(
    request: wire.MarkMessageReadRequest,
    metadata: Metadata,
    call: Unary,
  ): Promise<wire.MarkMessageReadResponse> {
    return this.runner.run('markMessageRead', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'SetTyping')
  setTyping(request: wire.SetTypingRequest, metadata: Metadata, call: Unary): Promise<wire.SetTypingResponse> {
    return this.runner.run('setTyping', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'UpdateRoom')
  updateRoom(request: wire.UpdateRoomRequest, metadata: Metadata, call: Unary): Promise<wire.UpdateRoomResponse> {
    return this.runner.run('updateRoom', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'AddParticipants')
  addParticipants(
    request: wire.AddParticipantsRequest,
    metadata: Metadata,
    call: Unary,
  ): Promise<wire.AddParticipantsResponse> {
    return this.runner.run('addParticipants', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'RemoveParticipant')
  removeParticipant(
    request: wire.RemoveParticipantRequest,
    metadata: Metadata,
    call: Unary,
  ): Promise<wire.RemoveParticipantResponse> {
    return this.runner.run('removeParticipant', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'SetRole')
  setRole(request: wire.SetRoleRequest, metadata: Metadata, call: Unary): Promise<wire.SetRoleResponse> {
    return this.runner.run('setRole', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'RevokeUser')
  revokeUser(request: wire.RevokeUserRequest, metadata: Metadata, call: Unary): Promise<wire.RevokeUserResponse> {
    return this.runner.run('revokeUser', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'SetRoomPolicy')
  setRoomPolicy(
    request: wire.SetRoomPolicyRequest,
    metadata: Metadata,
    call: Unary,
  ): Promise<wire.SetRoomPolicyResponse> {
    return this.runner.run('setRoomPolicy', envelopeOf(metadata, call), request);
  }

  @GrpcMethod('ChatService', 'ListRevocations')
  listRevocations(
    request: wire.ListRevocationsRequest,
    metadata: Metadata,
    call: Unary,
  ): Promise<wire.ListRevocationsResponse> {
    return this.runner.run('listRevocations', envelopeOf(metadata, call), request);
  }

  @GrpcStreamCall('ChatService', 'Exchange')
  exchange(stream: ServerDuplexStream<ExchangeRequest, ExchangeResponse>): void {
    new ExchangeSession(stream, this.runner, this.publishing).serve();
  }
}

function envelopeOf(metadata: Metadata, call: Unary): CallEnvelope {
  const deadline = Number(call.getDeadline());
  return {
    userId: String(metadata.get(metadataKeys.userId)[0] ?? ''),
    trace: String(metadata.get(metadataKeys.traceId)[0] ?? ''),
    // At least 1: what has passed its deadline must not get the time of a call without one.
    deadlineMs: Number.isFinite(deadline) ? Math.max(1, deadline - Date.now()) : 0,
  };
}
