import type { ChatRoom } from '@parlance/proto';
import { useClient } from '@parlance/react';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useChat } from '../chat/chat-context.js';
import { Icon } from '../parts/icon.js';
import { isComposing } from '../parts/is-composing.js';

/** What a room is called, with a way to change it where that is allowed. */
export function RoomName({ room, title, canRename }: RoomNameProps): JSX.Element {
  const client = useClient();
  const { attempt } = useChat();
  const [draft, setDraft] = useState<string>();
  if (draft === undefined) {
    return (
      <div class="room-name">
        <p class="room-name-text">{title}</p>
        {canRename && (
          <button
            type="button"
            class="icon-button"
            onClick={() => setDraft(room.metadata.name ?? '')}
            aria-label="Rename group"
            title="Rename group"
          >
            <Icon name="pencil" size={18} />
          </button>
        )}
      </div>
    );
  }
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const name = draft.trim();
    const metadata = { ...room.metadata, name };
    if (name === '' || name === room.metadata.name) return setDraft(undefined);
    if (await attempt(client.updateRoom({ roomId: room.roomId, metadata }))) setDraft(undefined);
  };
  return (
    <form class="room-name" onSubmit={(event) => void save(event)}>
      <input
        ref={(field) => field?.focus()}
        value={draft}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || isComposing(event)) return;
          event.stopPropagation();
          setDraft(undefined);
        }}
        aria-label="Group name"
      />
      <button type="submit" class="icon-button icon-button-accent" aria-label="Save the name">
        <Icon name="check" size={18} />
      </button>
    </form>
  );
}

/** See {@link RoomName}. */
export interface RoomNameProps {
  readonly room: ChatRoom;
  readonly title: string;
  readonly canRename: boolean;
}
