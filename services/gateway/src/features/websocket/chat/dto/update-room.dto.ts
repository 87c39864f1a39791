import { z } from 'zod';
import { historyVisibilityDto, joinRuleDto } from './enum.dto.js';
import { roomIdDto } from './id.dto.js';
import { roomMetadataDto } from './room-metadata.dto.js';

/** Payload of `updateRoom`. What is absent stays; `metadata` is replaced as a whole. */
export const updateRoomDto = z.strictObject({
  roomId: roomIdDto,
  metadata: roomMetadataDto.optional(),
  joinRule: joinRuleDto.optional(),
  historyVisibility: historyVisibilityDto.optional(),
});

/** A valid {@link updateRoomDto}. */
export type UpdateRoomDto = z.output<typeof updateRoomDto>;
