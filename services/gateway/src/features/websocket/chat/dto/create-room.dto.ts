import { fieldOfGroupsOnly, limits } from '@parlance/proto';
import { z } from 'zod';
import { historyVisibilityDto, joinRuleDto, roomTypeDto } from './enum.dto.js';
import { userIdDto } from './id.dto.js';
import { roomMetadataDto } from './room-metadata.dto.js';

/** Payload of `createRoom`. Who may be in a 1v1 is the chat service's rule, since it concerns the caller too. */
export const createRoomDto = z
  .strictObject({
    roomType: roomTypeDto,
    participants: z.array(userIdDto).max(limits.participants),
    metadata: roomMetadataDto.optional(),
    joinRule: joinRuleDto.default('invite'),
    historyVisibility: historyVisibilityDto.default('shared'),
  })
  .superRefine((room, context) => {
    const field = room.roomType === '1v1' ? fieldOfGroupsOnly(room) : undefined;
    if (field !== undefined) context.addIssue({ code: 'custom', path: [field], message: 'is for groups only' });
  });

/** A valid {@link createRoomDto}. */
export type CreateRoomDto = z.output<typeof createRoomDto>;
