import type { RoomView } from '@parlance/client';
import type { JSX } from 'preact';
import { useChat } from '../chat/chat-context.js';
import { tickState } from '../conversation/receipts/tick-state.js';
import { Ticks } from '../conversation/receipts/ticks.js';
import { typingText } from '../conversation/typing-text.js';
import { Avatar } from '../parts/avatar.js';
import { fullTime, relativeTime } from '../parts/relative-time.js';
import { userName } from '../parts/user-name.js';
import { lastActivity } from './arrange-rooms.js';
import { roomPeer, roomTitle } from './room-title.js';

/** One room of the list: who, when, what was said last or who is typing, and how much of it is unread. */
export function RoomRow({ view, now, isSelected, isReachable, onOpen }: RoomRowProps): JSX.Element {
  const { userId } = useChat();
  const { room, unreadCount } = view;
  const title = roomTitle(room, userId);
  const activeAt = lastActivity(view);
  return (
    <li>
      <button
        type="button"
        class={`room-row ${isSelected ? 'room-row-selected' : ''}`}
        data-room={room.roomId}
        aria-current={isSelected ? 'true' : undefined}
        tabIndex={isReachable ? 0 : -1}
        onClick={() => onOpen(room.roomId)}
      >
        <Avatar id={roomPeer(room, userId) ?? room.roomId} name={title} size="large" />
        <span class="room-row-text">
          <span class="room-row-line">
            <span class="room-row-title">{title}</span>
            <OwnTicks view={view} />
            <time class="room-row-time" title={fullTime(activeAt)}>
              {relativeTime(activeAt, now)}
            </time>
          </span>
          <span class="room-row-line">
            <Preview view={view} />
            {unreadCount > 0 && (
              <span class="badge">
                {unreadCount > 99 ? '99+' : unreadCount}
                <span class="visually-hidden"> unread</span>
              </span>
            )}
          </span>
        </span>
      </button>
    </li>
  );
}

/** See {@link RoomRow}. */
export interface RoomRowProps {
  readonly view: RoomView;
  readonly now: number;
  readonly isSelected: boolean;
  /** Tab reaches it. */
  readonly isReachable: boolean;
  readonly onOpen: (roomId: string) => void;
}

/** How far the own last message got. */
function OwnTicks({ view }: { readonly view: RoomView }): JSX.Element | null {
  const { userId } = useChat();
  const waiting = view.pending.at(-1);
  if (waiting) return <Ticks state={waiting.state} />;
  if (view.lastMessage?.senderId !== userId) return null;
  return <Ticks state={tickState(view.lastMessage, view)} />;
}

function Preview({ view }: { readonly view: RoomView }): JSX.Element {
  const { userId } = useChat();
  const { room, typing, pending, lastMessage } = view;
  if (typing.length > 0) {
    return <span class="room-row-preview typing">{room.roomType === '1v1' ? 'typing…' : typingText(typing)}</span>;
  }
  const waiting = pending.at(-1);
  const isOwn = waiting !== undefined || lastMessage?.senderId === userId;
  const said = lastMessage?.erased ? 'This message was erased.' : lastMessage?.content;
  const text = waiting?.content ?? said ?? 'No messages yet';
  const isSilent = waiting === undefined && lastMessage === undefined;
  const isOfNobody = waiting === undefined && lastMessage?.messageType === 'system';
  const speaker = isOwn ? 'You' : userName(lastMessage?.senderId ?? '');
  return (
    <span class="room-row-preview">
      {!isSilent && !isOfNobody && (isOwn || room.roomType === 'group') && (
        <span class="room-row-speaker">{speaker}: </span>
      )}
      {text.slice(0, 200)}
    </span>
  );
}
