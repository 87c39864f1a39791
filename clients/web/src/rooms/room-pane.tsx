import type { RoomView } from '@parlance/client';
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ThemeToggle } from '../app/theme-toggle.js';
import { useChat } from '../chat/chat-context.js';
import { Avatar } from '../parts/avatar.js';
import { Icon } from '../parts/icon.js';
import { isComposing } from '../parts/is-composing.js';
import { userName } from '../parts/user-name.js';
import { arrangeRooms } from './arrange-rooms.js';
import { moveFocus } from './move-focus.js';
import { NewRoomDialog } from './new-room-dialog.js';
import { NoRooms } from './no-rooms.js';
import { RoomList } from './room-list.js';

/** The left side: who one is, the search field, and the rooms. Ctrl or Cmd with K goes to the search field. */
export function RoomPane({ rooms, isLoaded, selectedId, onOpen, onMonths, onSignOut }: RoomPaneProps): JSX.Element {
  const { userId } = useChat();
  const [filter, setFilter] = useState('');
  const [isCreating, setCreating] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const views = useMemo(() => arrangeRooms(rooms.values(), userId, filter), [rooms, userId, filter]);

  useEffect(() => {
    const focusSearch = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      search.current?.focus();
      search.current?.select();
    };
    addEventListener('keydown', focusSearch);
    return () => removeEventListener('keydown', focusSearch);
  }, []);

  const searchKey = (event: KeyboardEvent): void => {
    const first = views[0];
    if (isComposing(event)) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      setFilter('');
      if (filter === '') search.current?.blur();
    } else if (event.key === 'Enter' && first) onOpen(first.room.roomId);
    else if (event.key === 'ArrowDown' && list.current) moveFocus(list.current, event);
  };
  return (
    <nav class="room-pane" aria-label="Conversations">
      <header class="room-pane-header">
        <Avatar id={userId} name={userName(userId)} size="small" />
        <h1 class="room-pane-user" title={userId}>
          {userName(userId)}
        </h1>
        {onMonths && (
          <button
            type="button"
            class="icon-button"
            onClick={onMonths}
            aria-label="Months and jobs"
            title="Months and jobs"
          >
            <Icon name="months" />
          </button>
        )}
        <ThemeToggle />
        <button type="button" class="icon-button" onClick={onSignOut} aria-label="Sign out" title="Sign out">
          <Icon name="leave" />
        </button>
      </header>
      <div class="room-pane-tools">
        <label class="search">
          <Icon name="search" size={18} />
          <input
            ref={search}
            type="search"
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
            onKeyDown={searchKey}
            placeholder="Search"
            aria-label="Search conversations"
            autocomplete="off"
          />
        </label>
        <button
          type="button"
          class="icon-button icon-button-accent"
          onClick={() => setCreating(true)}
          aria-label="New conversation"
          title="New conversation"
        >
          <Icon name="add" />
        </button>
      </div>
      <div class="room-scroll" ref={list}>
        {rooms.size === 0 && isLoaded && <NoRooms onOpen={onOpen} onCreate={() => setCreating(true)} />}
        {rooms.size > 0 && views.length === 0 && <p class="room-list-note">Nothing is called that.</p>}
        <RoomList views={views} selectedId={selectedId} onOpen={onOpen} />
      </div>
      {isCreating && (
        <NewRoomDialog
          rooms={rooms}
          onClose={() => setCreating(false)}
          onCreated={(roomId) => {
            setCreating(false);
            setFilter('');
            onOpen(roomId);
          }}
        />
      )}
    </nav>
  );
}

/** See {@link RoomPane}. */
export interface RoomPaneProps {
  readonly rooms: ReadonlyMap<string, RoomView>;
  /** The rooms were asked for; an empty list is one. */
  readonly isLoaded: boolean;
  readonly selectedId: string | undefined;
  readonly onOpen: (roomId: string) => void;
  /** Shows what the jobs know; undefined for who may not see it. */
  readonly onMonths: (() => void) | undefined;
  readonly onSignOut: () => void;
}
