import type { RoomView } from '@parlance/client';
import type { JSX } from 'preact';
import { useChat } from '../chat/chat-context.js';
import { Avatar } from '../parts/avatar.js';
import { Icon } from '../parts/icon.js';
import { roomPeer, roomTitle } from '../rooms/room-title.js';

/** Whose conversation it is, the way back on a phone, and the way to its members. */
export function ConversationHeader({ view, showsMembers, onBack, onMembers }: ConversationHeaderProps): JSX.Element {
  const { userId } = useChat();
  const { room } = view;
  const title = roomTitle(room, userId);
  const count = room.participantCount;
  const isGroup = room.roomType === 'group';
  const subtitle = isGroup ? `${count} ${count === 1 ? 'member' : 'members'}` : 'Direct message';
  return (
    <header class="conversation-header">
      <button type="button" class="icon-button back-button" onClick={onBack} aria-label="Back to the list">
        <Icon name="back" />
      </button>
      <Avatar id={roomPeer(room, userId) ?? room.roomId} name={title} />
      <div class="conversation-title">
        <h2>{title}</h2>
        <p class="muted">{subtitle}</p>
      </div>
      <button
        type="button"
        class={`icon-button ${showsMembers ? 'icon-button-on' : ''}`}
        onClick={onMembers}
        aria-label="Members"
        aria-expanded={showsMembers}
        title="Members"
      >
        <Icon name="people" />
      </button>
    </header>
  );
}

/** See {@link ConversationHeader}. */
export interface ConversationHeaderProps {
  readonly view: RoomView;
  readonly showsMembers: boolean;
  readonly onBack: () => void;
  readonly onMembers: () => void;
}
