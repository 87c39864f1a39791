import { historyVisibilities, joinRules, messageTypes, roomTypes } from '@parlance/proto';
import { z } from 'zod';

/** Kind of a message. */
export const messageTypeDto = z.enum(messageTypes);

/** Type of a room. */
export const roomTypeDto = z.enum(roomTypes);

/** Who may join a room. */
export const joinRuleDto = z.enum(joinRules);

/** What a newcomer to a room sees. */
export const historyVisibilityDto = z.enum(historyVisibilities);
