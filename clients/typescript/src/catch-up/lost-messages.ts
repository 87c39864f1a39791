import type { ChatMessage } from '@parlance/proto';

/**
 * Those messages that are not in a log which began anew behind a restored backup and ends at `head` now. Such a log is the
 * old one up to some id, so pages are read downwards only as far as the first message that is still there.
 *
 * @param messages of the log before, ascending.
 * @param pageBefore the page that ends just below an id, ascending.
 */
export async function lostMessages(
  messages: readonly ChatMessage[],
  head: number,
  pageBefore: (beforeId: number) => Promise<readonly ChatMessage[]>,
): Promise<readonly ChatMessage[]> {
  let low = messages.findIndex(({ messageId }) => messageId > head);
  if (low < 0) low = messages.length;
  while (low > 0) {
    const page = await pageBefore((messages[low - 1]?.messageId ?? 0) + 1);
    const now = new Map(page.map((message) => [message.messageId, message]));
    // What cannot be had is not known to be lost.
    if (page.length === 0) break;
    const first = page[0]?.messageId ?? 0;
    while (low > 0) {
      const message = messages[low - 1];
      if (!message || message.messageId < first) break;
      const there = now.get(message.messageId);
      if (there && isSame(there, message)) return messages.slice(low);
      low -= 1;
    }
  }
  return messages.slice(low);
}

/** The same message, as far as a log can tell; an erased one has no name any more. */
export function isSame(left: ChatMessage, right: ChatMessage): boolean {
  if (left.erased || right.erased) return left.senderId === right.senderId;
  return left.senderId === right.senderId && left.clientMessageId === right.clientMessageId;
}
