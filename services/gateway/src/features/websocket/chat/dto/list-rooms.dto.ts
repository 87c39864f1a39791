import { z } from 'zod';
import { pageLimitDto } from './page-limit.dto.js';

/** Payload of `listRooms`. */
export const listRoomsDto = z.strictObject({
  cursor: z.string().max(512).default(''),
  limit: pageLimitDto,
});

/** A valid {@link listRoomsDto}. */
export type ListRoomsDto = z.output<typeof listRoomsDto>;
