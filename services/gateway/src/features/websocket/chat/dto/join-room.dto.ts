import { z } from 'zod';
import { roomIdDto } from './id.dto.js';

/** Payload of `joinRoom`. */
export const joinRoomDto = z.strictObject({ roomId: roomIdDto });

/** A valid {@link joinRoomDto}. */
export type JoinRoomDto = z.output<typeof joinRoomDto>;
