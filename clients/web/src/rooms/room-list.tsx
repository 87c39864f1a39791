import type { RoomView } from '@parlance/client';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Boundary } from '../parts/boundary.js';
import { useNow } from '../parts/use-now.js';
import { moveFocus } from './move-focus.js';
import { RoomRow } from './room-row.js';

/** The rooms as a list. One of them can be reached by Tab, the arrow keys go to the others, Enter opens. */
export function RoomList({ views, selectedId, onOpen }: RoomListProps): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  const now = useNow();
  const reachable = views.find(({ room }) => room.roomId === selectedId) ?? views[0];
  return (
    <ul
      ref={list}
      class="room-list"
      aria-label="Rooms"
      onKeyDown={(event) => list.current && moveFocus(list.current, event)}
    >
      {views.map((view) => (
        <Boundary key={view.room.roomId} instead={<li class="room-list-note">This room cannot be shown.</li>}>
          <RoomRow
            view={view}
            now={now}
            isSelected={view.room.roomId === selectedId}
            isReachable={view === reachable}
            onOpen={onOpen}
          />
        </Boundary>
      ))}
    </ul>
  );
}

/** See {@link RoomList}. */
export interface RoomListProps {
  readonly views: readonly RoomView[];
  readonly selectedId: string | undefined;
  readonly onOpen: (roomId: string) => void;
}
