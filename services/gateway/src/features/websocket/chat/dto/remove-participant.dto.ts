import { z } from 'zod';
import { roomIdDto, userIdDto } from './id.dto.js';

/** Payload of `removeParticipant`. */
export const removeParticipantDto = z.strictObject({ roomId: roomIdDto, userId: userIdDto });

/** A valid {@link removeParticipantDto}. */
export type RemoveParticipantDto = z.output<typeof removeParticipantDto>;
