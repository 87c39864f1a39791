import { z } from 'zod';
import { userIdDto } from '../websocket/chat/dto/id.dto.js';

/** Body of `POST /api/v1/dev/token`. */
export const devTokenDto = z.strictObject({ userId: userIdDto });
