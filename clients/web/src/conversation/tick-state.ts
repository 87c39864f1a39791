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
  if (message.status === 'read' || all(receipts, (receipt) => receipt.state === 'read')) return 'read';
  if (message.status === 'delivered' || all(receipts, (receipt) => receipt.state !== 'sent')) return 'delivered';
  return 'sent';
}

function all(receipts: readonly Receipt[], has: (receipt: Receipt) => boolean): boolean {
  return receipts.length > 0 && receipts.every(has);
}
