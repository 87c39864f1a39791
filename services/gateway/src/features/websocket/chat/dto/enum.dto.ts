import { historyVisibilities, joinRules, messageTypes, roomTypes, sentMessageTypes } from '@parlance/proto';
import { z } from 'zod';

/** Kind of a message. */
export const messageTypeDto = z.enum(messageTypes);

/** Kind of a message that users send. */
export const sentMessageTypeDto = z.enum(sentMessageTypes, { error: notForUsers });

/** Type of a room. */
export const roomTypeDto = z.enum(roomTypes);

/** Who may join a room. */
export const joinRuleDto = z.enum(joinRules);

/** What a newcomer to a room sees. */
export const historyVisibilityDto = z.enum(historyVisibilities);

/** Says of a system message where it can be sent; undefined for anything else, which zod describes itself. */
function notForUsers({ input }: { readonly input?: unknown }): string | undefined {
  return input === 'system' ? 'system is for backends: see docs/protocol.md, System messages' : undefined;
}
