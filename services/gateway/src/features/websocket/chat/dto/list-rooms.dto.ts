import { z } from 'zod';
import { pageLimitDto } from './page-limit.dto.js';
import { textDto } from './text.dto.js';

/** Payload of `listRooms`. */
export const listRoomsDto = z.strictObject({
  cursor: textDto().max(512).default(''),
  limit: pageLimitDto,
});

/** A valid {@link listRoomsDto}. */
export type ListRoomsDto = z.output<typeof listRoomsDto>;
