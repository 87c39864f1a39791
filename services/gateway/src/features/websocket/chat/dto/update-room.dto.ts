import { historyVisibilities, joinRules } from '@parlance/proto';
import { z } from 'zod';
import { roomIdDto } from './id.dto.js';
import { roomMetadataDto } from './room-metadata.dto.js';

/** Payload of `updateRoom`. What is absent stays; `metadata` is replaced as a whole. */
export const updateRoomDto = z.strictObject({
  roomId: roomIdDto,
  metadata: roomMetadataDto.optional(),
  joinRule: z.enum(joinRules).optional(),
  historyVisibility: z.enum(historyVisibilities).optional(),
});

/** A valid {@link updateRoomDto}. */
export type UpdateRoomDto = z.output<typeof updateRoomDto>;
