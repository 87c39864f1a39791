import {
  ChatError,
  fieldOfGroupsOnly,
  type HistoryVisibility,
  historyVisibilities,
  type JoinRule,
  joinRules,
  limits,
  type RoomMetadata,
  type RoomType,
  roomTypes,
  textFault,
  type UserId,
  type wire,
} from '@parlance/proto';

import { checkUserId, invalid } from '../../requests/check-ids.js';
import type { RoomSettings } from '../rooms/stored-room.js';

/** A checked request to create a room; the creator is among the participants. */
export interface CheckedNewRoom {
  readonly roomType: RoomType;
  readonly participants: readonly UserId[];
  readonly metadata: RoomMetadata;
  readonly joinRule: JoinRule;
  readonly historyVisibility: HistoryVisibility;
}

/**
 * Checks what a new room is made of.
 * @throws INVALID_MESSAGE, ROOM_FULL.
 */
export function checkNewRoom(request: wire.CreateRoomRequest, creator: UserId): CheckedNewRoom {
  const roomType = oneOf('roomType', roomTypes, request.roomType);
  const named = request.participants.map((userId) => checkUserId(userId, 'participants'));
  const participants = [...new Set([creator, ...named])];
  if (roomType === '1v1' && participants.length !== 2) throw invalid('a 1v1 room has exactly two participants');
  if (participants.length > limits.participants) throw new ChatError('ROOM_FULL');
  const metadata = checkMetadata(request.metadata);
  const joinRule = oneOf('joinRule', joinRules, request.joinRule || 'invite');
  const historyVisibility = oneOf('historyVisibility', historyVisibilities, request.historyVisibility || 'shared');
  const field = roomType === '1v1' && fieldOfGroupsOnly({ metadata, joinRule, historyVisibility });
  if (field) throw invalid(`${field} is for groups only`);
  return { roomType, participants, metadata, joinRule, historyVisibility };
}

/**
 * Checks the given fields of a change; absent and empty ones are not in the answer.
 * @throws INVALID_MESSAGE.
 */
export function checkRoomChange(request: wire.UpdateRoomRequest): Partial<RoomSettings> {
  const { metadata, joinRule, historyVisibility } = request;
  return {
    ...(metadata && { metadata: checkMetadata(metadata) }),
    ...(joinRule && { joinRule: oneOf('joinRule', joinRules, joinRule) }),
    ...(historyVisibility && {
      historyVisibility: oneOf('historyVisibility', historyVisibilities, historyVisibility),
    }),
  };
}

function checkMetadata(metadata: wire.CreateRoomRequest['metadata']): RoomMetadata {
  const { name = '', description = '', avatar = '' } = metadata ?? {};
  for (const [field, text] of Object.entries({ name, description, avatar })) {
    const fault = textFault(text);
    if (fault !== undefined) throw invalid(`metadata.${field} ${fault}`);
  }
  if (name.length > limits.roomNameLength) throw invalid(`metadata.name is over ${limits.roomNameLength} characters`);
  for (const [field, text] of Object.entries({ description, avatar })) {
    if (text.length > limits.roomTextLength)
      throw invalid(`metadata.${field} is over ${limits.roomTextLength} characters`);
  }
  return { ...(name && { name }), ...(description && { description }), ...(avatar && { avatar }) };
}

function oneOf<Value extends string>(field: string, values: readonly Value[], given: string): Value {
  const value = values.find((each) => each === given);
  if (value === undefined) throw invalid(`${field} must be one of ${values.join(', ')}`);
  return value;
}
