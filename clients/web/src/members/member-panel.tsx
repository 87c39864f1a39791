import type { RoomView } from '@parlance/client';
import { useClient } from '@parlance/react';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useChat } from '../chat/chat-context.js';
import { Avatar } from '../parts/avatar.js';
import { Icon } from '../parts/icon.js';
import { fullTime } from '../parts/relative-time.js';
import { roomPeer, roomTitle } from '../rooms/room-title.js';
import { AddMembers } from './add-members.js';
import { memberRights } from './member-rights.js';
import { MemberRow } from './member-row.js';
import { RoomName } from './room-name.js';
import { useParticipants } from './use-participants.js';

/** Who is in the room with which role, and what the own role allows: rename, add, remove, promote and demote, leave. */
export function MemberPanel({ view, onClose }: MemberPanelProps): JSX.Element {
  const client = useClient();
  const { userId, attempt } = useChat();
  const [isLeaving, setLeaving] = useState(false);
  const panel = useRef<HTMLElement>(null);
  const { room } = view;
  const rights = memberRights(room);
  const participants = useParticipants(room.roomId, room.rev);
  const named = new Set([userId, ...room.participants.toSorted(), ...participants.keys()]);
  const unnamed = room.participantCount - named.size;
  const title = roomTitle(room, userId);
  useEffect(() => panel.current?.focus(), []);
  const leave = (): void => {
    if (isLeaving) void attempt(client.leaveRoom(room.roomId));
    else setLeaving(true);
  };
  return (
    <aside ref={panel} class="member-panel" aria-label="Members" tabIndex={-1}>
      <header class="member-panel-header">
        <h2>Details</h2>
        <button type="button" class="icon-button" onClick={onClose} aria-label="Close members">
          <Icon name="close" />
        </button>
      </header>
      <div class="member-panel-scroll">
        <div class="member-panel-head">
          <Avatar id={roomPeer(room, userId) ?? room.roomId} name={title} size="huge" />
          <RoomName key={title} room={room} title={title} canRename={rights.canRename} />
          <p class="muted">Since {fullTime(room.createdAt)}</p>
        </div>
        <h3 class="member-panel-label">
          {room.participantCount} {room.participantCount === 1 ? 'member' : 'members'}
        </h3>
        {rights.canAdd && <AddMembers roomId={room.roomId} />}
        <ul class="members" aria-label="Members">
          {[...named].map((id) => (
            <MemberRow key={id} view={view} memberId={id} role={participants.get(id)?.role} />
          ))}
        </ul>
        {unnamed > 0 && <p class="muted">and {unnamed} more</p>}
        {rights.canLeave && (
          <button
            type="button"
            class="button button-danger leave-button"
            onClick={leave}
            onBlur={() => setLeaving(false)}
          >
            <Icon name="leave" size={18} />
            {isLeaving ? 'Click again to leave' : 'Leave group'}
          </button>
        )}
      </div>
    </aside>
  );
}

/** See {@link MemberPanel}. */
export interface MemberPanelProps {
  readonly view: RoomView;
  readonly onClose: () => void;
}
