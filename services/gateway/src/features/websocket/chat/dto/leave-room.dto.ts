import { z } from 'zod';
import { roomIdDto } from './id.dto.js';

/** Payload of `leaveRoom`. */
export const leaveRoomDto = z.strictObject({ roomId: roomIdDto });

/** A valid {@link leaveRoomDto}. */
export type LeaveRoomDto = z.output<typeof leaveRoomDto>;
