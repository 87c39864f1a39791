import type { z } from 'zod';
import { ErrorCode, ErrorOutcome, Failure } from '../operations/entities/failure.js';
import { Message, MessageStatus, MessageType, SentMessageType } from '../operations/entities/message.js';
import { Receipt, ReceiptPayload } from '../operations/entities/receipt.js';
import { ResumedRoom } from '../operations/entities/resumed-room.js';
import {
  HistoryVisibility,
  JoinRule,
  Role,
  Room,
  RoomMetadata,
  RoomMetadataInput,
  RoomPosition,
  RoomType,
  RoomUpdate,
} from '../operations/entities/room.js';
import { RoomEvent } from '../operations/entities/room-event.js';
import { operationList, operations } from '../operations/operations.js';
import {
  MessageStatusUpdate,
  Ready,
  ReadyRoom,
  RoomJoined,
  RoomLeft,
  serverEvents,
  Typing,
} from '../operations/server-events.js';
import { comment, indent, TypeText } from './type-text.js';

/** Types that have a name in TypeScript; all others are written out where they are used. */
const exported: Readonly<Record<string, z.ZodType>> = {
  MessageType,
  SentMessageType,
  MessageStatus,
  ChatMessage: Message,
  RoomType,
  JoinRule,
  HistoryVisibility,
  Role,
  RoomMetadata,
  ChatRoom: Room,
  RoomUpdate,
  RoomPosition,
  RoomEvent,
  NewRoom: operations.createRoom.payload,
  RoomEdit: operations.updateRoom.payload,
  Receipt,
  ResumedRoom,
  AckFailure: Failure,
  ReadyRoom,
  Ready,
  RoomJoined,
  RoomLeft,
  MessageStatusUpdate,
  Typing,
};

const head = `// Made of the schemas of src/operations by \`make generate\`. Do not edit.

import type { ErrorOutcome } from '../../chat-error.js';
import type { ErrorReason } from '../../error-reason.js';
`;

/** The types of what clients send and receive as a TypeScript module, which needs no schema library. Pure. */
export function clientTypes(): string {
  const names = new Map(Object.entries(exported).map(([name, schema]) => [schema, name]));
  // Types that are declared elsewhere, and schemas that take what another one tells.
  names.set(ErrorCode, 'ErrorReason').set(ErrorOutcome, 'ErrorOutcome');
  names.set(ReceiptPayload, 'Receipt').set(RoomMetadataInput, 'RoomMetadata');
  const text = new TypeText(names);
  const declarations = Object.entries(exported).map(([name, schema]) => text.declaration(name, schema));
  const requests = operationList
    .filter(({ event }) => event !== undefined)
    .map(({ name, summary, payload, answer }) => {
      const parts = `payload: ${text.typeOf(payload, 2)};\n${indent(2)}readonly data: ${text.typeOf(answer.shape.data, 2)};`;
      return `${comment(summary, 1)}${indent(1)}readonly ${name}: {\n${indent(2)}readonly ${parts}\n${indent(1)}};\n`;
    });
  const events = Object.entries(serverEvents).map(
    ([name, { summary, payload }]) =>
      `${comment(summary, 1)}${indent(1)}readonly ${name}: ${text.typeOf(payload, 1)};\n`,
  );
  return [
    head,
    ...declarations,
    `/** Payload and ack data of every client event. */\nexport interface ClientRequests {\n${requests.join('')}}\n`,
    `/** What every server event tells. */\nexport interface ServerPayloads {\n${events.join('')}}\n`,
  ].join('\n');
}
