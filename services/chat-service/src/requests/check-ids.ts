import { ChatError, isId, isReservedId, type RoomId, type UserId } from '@parlance/proto';

/** Checks an id that names a room. @throws INVALID_MESSAGE when it is not of the form. */
export function checkRoomId(value: string): RoomId {
  if (!isId(value)) throw invalid('roomId must match [A-Za-z0-9_.:-]{1,128}');
  return value as RoomId;
}

/** Checks an id that names a user. @throws INVALID_MESSAGE when it is not of the form, or no user may have it. */
export function checkUserId(value: string, field = 'userId'): UserId {
  if (!isId(value)) throw invalid(`${field} must match [A-Za-z0-9_.:-]{1,128}`);
  if (isReservedId(value)) throw invalid(`${field} is reserved: no user has an id that begins with system or parlance`);
  return value as UserId;
}

/** What a caller is told whose request is not of the form; `message` names the field. */
export function invalid(message: string): ChatError {
  return new ChatError('INVALID_MESSAGE', { message });
}
