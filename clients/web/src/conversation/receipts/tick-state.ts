import type { RoomView } from '@parlance/client';
import type { ChatMessage } from '@parlance/proto';
import { type Receipt, receiptsOf } from './receipts-of.js';

/** How many ticks an own message has: `sent` one, `delivered` two, `read` two in the accent colour. */
export type TickState = 'sent' | 'delivered' | 'read';

/**
 * The ticks of an own message: `read` when every other participant has read it, else `delivered` when it has reached them
 * all. What the server said with the message counts too, for rooms whose participants it does not name. Pure.
 */
export function tickState(message: ChatMessage, view: Pick<RoomView, 'room' | 'marks'>): TickState {
  const receipts = receiptsOf(message, view);
  const all = (has: (receipt: Receipt) => boolean): boolean =>
    receipts.length > 0 && receipts.length >= view.room.participantCount - 1 && receipts.every(has);
  if (message.status === 'read' || all((receipt) => receipt.state === 'read')) return 'read';
  if (message.status === 'delivered' || all((receipt) => receipt.state !== 'sent')) return 'delivered';
  return 'sent';
}
