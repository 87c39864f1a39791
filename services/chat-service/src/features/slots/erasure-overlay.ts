import type { WireMessage } from '@parlance/proto';
import type { StoredRoom } from '../rooms/stored-room.js';

/** A message as it is shown: without what was said if it is erased, whether or not its document still has it. Pure. */
export function withErasure(message: WireMessage, { erasures }: Pick<StoredRoom, 'erasures'>): WireMessage {
  if (!message.erased && !isErased(message, erasures)) return message;
  return { ...message, content: '', metadataJson: '', clientMessageId: '', messageType: 'text', erased: true };
}

/** Whether messages of this user have been erased in the room. */
export function hasErasures(userId: string, { erasures }: Pick<StoredRoom, 'erasures'>): boolean {
  return erasures.some((erasure) => erasure.userId === userId);
}

function isErased({ senderId, messageId }: WireMessage, erasures: StoredRoom['erasures']): boolean {
  return erasures.some(({ userId, upTo }) => userId === senderId && messageId <= upTo);
}
