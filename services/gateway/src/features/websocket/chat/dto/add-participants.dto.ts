import { limits } from '@parlance/proto';
import { z } from 'zod';
import { roomIdDto, userIdDto } from './id.dto.js';

/** Payload of `addParticipants`. */
export const addParticipantsDto = z.strictObject({
  roomId: roomIdDto,
  userIds: z.array(userIdDto).min(1).max(limits.participants),
});

/** A valid {@link addParticipantsDto}. */
export type AddParticipantsDto = z.output<typeof addParticipantsDto>;
