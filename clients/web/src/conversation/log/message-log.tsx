import type { RoomView } from '@parlance/client';
import type { ChatMessage } from '@parlance/proto';
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { useChat } from '../../chat/chat-context.js';
import { Boundary } from '../../parts/boundary.js';
import { Icon } from '../../parts/icon.js';
import { dayLabel } from '../../parts/relative-time.js';
import { useNow } from '../../parts/use-now.js';
import { roomTitle } from '../../rooms/room-title.js';
import { useMarkRead } from '../receipts/use-mark-read.js';
import { useOlderMessages } from '../scroll/use-older-messages.js';
import { useScrollPosition } from '../scroll/use-scroll-position.js';
import { buildTimeline, type TimelineItem } from './build-timeline.js';
import { MessageRow } from './message-row.js';
import { SystemRow } from './system-row.js';
import { useUnreadDivider } from './use-unread-divider.js';

/** What was said. Loads older messages when one scrolls up, keeps the place while it grows, and marks what is seen as read. */
export function MessageLog({ view, isOnline, sentCount, onTicks }: MessageLogProps): JSX.Element {
  const { userId } = useChat();
  const now = useNow(60_000);
  const scroller = useRef<HTMLDivElement>(null);
  const { messages, pending, hasOlder, unreadCount, room } = view;
  const isEmpty = messages.length === 0 && pending.length === 0;

  const markRead = useMarkRead(scroller, view);
  const older = useOlderMessages(scroller, view, isOnline);
  const unreadAfter = useUnreadDivider(scroller, view, sentCount);
  const items = useMemo(
    () => buildTimeline({ messages, pending, ownId: userId, unreadAfter }),
    [messages, pending, userId, unreadAfter],
  );
  const { isAtBottom, toBottom } = useScrollPosition(scroller, { items, sentCount }, () => {
    markRead();
    older.look();
  });
  return (
    <div class="log-frame">
      <div
        ref={scroller}
        class="log"
        tabIndex={0}
        role="log"
        aria-live="polite"
        aria-busy={older.isLoading}
        aria-label="Messages"
      >
        <div class="log-content">
          {!hasOlder && !isEmpty && <p class="log-note">This is where {beginning(view, userId)} begins.</p>}
          {isEmpty && !hasOlder && (
            <div class="log-empty">
              <p>Nothing was said yet.</p>
              <p class="muted">Say hello to {roomTitle(room, userId)}.</p>
            </div>
          )}
          {items.map((item) => (
            <Row key={item.key} item={item} now={now} view={view} onTicks={onTicks} />
          ))}
        </div>
      </div>
      {older.isLoading && <p class="log-loading">Loading…</p>}
      {!isAtBottom && (
        <button type="button" class="jump" onClick={toBottom} aria-label="Jump to the newest message">
          <Icon name="down" />
          {unreadCount > 0 && <span class="badge">{unreadCount > 99 ? '99+' : unreadCount}</span>}
        </button>
      )}
    </div>
  );
}

/** See {@link MessageLog}. */
export interface MessageLogProps {
  readonly view: RoomView;
  readonly isOnline: boolean;
  /** Rises with every message that is sent here: the log goes to its end then. */
  readonly sentCount: number;
  readonly onTicks: (message: ChatMessage) => void;
}

function Row({ item, now, view, onTicks }: RowProps): JSX.Element {
  if (item.kind === 'day') {
    return (
      <div class="day" data-key={item.key}>
        <span>{dayLabel(item.at, now)}</span>
      </div>
    );
  }
  if (item.kind === 'unread') {
    return (
      <div class="unread" data-key={item.key}>
        <span>New messages</span>
      </div>
    );
  }
  return (
    <Boundary instead={<p class="log-note">This message cannot be shown.</p>}>
      {item.kind === 'system' ? <SystemRow line={item} /> : <MessageRow bubble={item} view={view} onTicks={onTicks} />}
    </Boundary>
  );
}

interface RowProps extends Pick<MessageLogProps, 'view' | 'onTicks'> {
  readonly item: TimelineItem;
  readonly now: number;
}

function beginning(view: RoomView, userId: string): string {
  const title = roomTitle(view.room, userId);
  return view.room.roomType === '1v1' ? `your conversation with ${title}` : title;
}
