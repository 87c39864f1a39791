import type { PendingMessage } from '@parlance/client';
import type { ChatMessage } from '@parlance/proto';
import { dayNumber } from '../../parts/day-number.js';

const groupMs = 5 * 60_000;

/**
 * What a conversation shows from top to bottom: stored messages, then those on their way, with a heading for each day and
 * a divider above the first message after `unreadAfter` that is not one's own. Messages of one sender within five minutes
 * form a group; a system message stands alone. Pure.
 */
export function buildTimeline({ messages, pending, ownId, unreadAfter }: TimelineFacts): readonly TimelineItem[] {
  const items: TimelineItem[] = [];
  let day: number | undefined;
  let previous: MutableBubble | undefined;
  // Above what is not loaded yet the divider would stand at the wrong place.
  let isDivided = unreadAfter === undefined || (messages[0]?.messageId ?? 0) > unreadAfter + 1;
  // This machine's clock may be behind the server's: what is on its way is never older than what is there.
  const newestAt = messages.at(-1)?.timestamp ?? 0;
  const waiting = pending.map((message) => pendingBubble(message, ownId, Math.max(newestAt, message.createdAt)));
  for (const bubble of [...messages.map((message) => storedBubble(message, ownId)), ...waiting]) {
    const today = dayNumber(bubble.at);
    if (today !== day) {
      items.push({ kind: 'day', key: `day-${today}`, at: bubble.at });
      previous = undefined;
    }
    day = today;
    if (!isDivided && !bubble.isOwn && bubble.kind === 'message' && bubble.message.messageId > (unreadAfter ?? 0)) {
      items.push({ kind: 'unread', key: 'unread' });
      previous = undefined;
      isDivided = true;
    }
    if (bubble.kind === 'message' && bubble.message.messageType === 'system') {
      items.push({ kind: 'system', key: bubble.key, message: bubble.message, at: bubble.at });
      previous = undefined;
      continue;
    }
    if (previous && previous.senderId === bubble.senderId && bubble.at - previous.at <= groupMs)
      previous.isLast = false;
    else bubble.isFirst = true;
    items.push(bubble);
    previous = bubble;
  }
  return items;
}

/** What a timeline is made of. */
export interface TimelineFacts {
  /** Ascending. */
  readonly messages: readonly ChatMessage[];
  readonly pending: readonly PendingMessage[];
  readonly ownId: string;
  /** The last message that was read when the divider was wanted; undefined: no divider. */
  readonly unreadAfter: number | undefined;
}

/** One row. `key` is the same for a message before and after it was stored. */
export type TimelineItem =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string }
  | SystemLine
  | Bubble;

/** What the installation itself says. */
export interface SystemLine {
  readonly kind: 'system';
  readonly key: string;
  readonly message: ChatMessage;
  /** Unix milliseconds. */
  readonly at: number;
}

/** A message, and where it stands in the group of its sender. */
export type Bubble = Readonly<BubblePlace> &
  (
    | { readonly kind: 'message'; readonly message: ChatMessage }
    | { readonly kind: 'pending'; readonly message: PendingMessage }
  );

interface BubblePlace {
  key: string;
  senderId: string;
  isOwn: boolean;
  /** Unix milliseconds. */
  at: number;
  isFirst: boolean;
  isLast: boolean;
}

type MutableBubble = BubblePlace &
  ({ kind: 'message'; message: ChatMessage } | { kind: 'pending'; message: PendingMessage });

function storedBubble(message: ChatMessage, ownId: string): MutableBubble {
  const { senderId, messageId, clientMessageId, timestamp } = message;
  const isOwn = senderId === ownId;
  const key = isOwn && clientMessageId !== '' ? `own-${clientMessageId}` : `message-${messageId}`;
  return { kind: 'message', message, key, senderId, isOwn, at: timestamp, isFirst: false, isLast: true };
}

function pendingBubble(message: PendingMessage, ownId: string, at: number): MutableBubble {
  const key = `own-${message.clientMessageId}`;
  return { kind: 'pending', message, key, senderId: ownId, isOwn: true, at, isFirst: false, isLast: true };
}
