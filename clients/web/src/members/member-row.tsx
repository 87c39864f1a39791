import type { RoomView } from '@parlance/client';
import type { Role } from '@parlance/proto';
import { useClient } from '@parlance/react';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useChat } from '../chat/chat-context.js';
import { Avatar } from '../parts/avatar.js';
import { Icon } from '../parts/icon.js';
import { userName } from '../parts/user-name.js';
import { canRemove, memberRights } from './member-rights.js';

const roleNames: Readonly<Record<Role, string>> = { owner: 'Owner', admin: 'Admin', participant: 'Member' };

/** One member with the role, and what the own role may do about it. */
export function MemberRow({ view, memberId, role: told }: MemberRowProps): JSX.Element {
  const client = useClient();
  const { userId, attempt } = useChat();
  const [isBusy, setBusy] = useState(false);
  const { room } = view;
  const { roomId } = room;
  const isSelf = memberId === userId;
  const role = isSelf ? room.role : told;
  const act = async (work: Promise<unknown>): Promise<void> => {
    setBusy(true);
    await attempt(work);
    setBusy(false);
  };
  const setRole = (next: Exclude<Role, 'owner'>): Promise<void> => act(client.setRole(roomId, memberId, next));
  const name = userName(memberId);
  const rights = memberRights(room);
  return (
    <li class="person member" data-member={memberId}>
      <Avatar id={memberId} name={name} />
      <span class="person-name">
        {name}
        {isSelf && <span class="muted"> (you)</span>}
      </span>
      {room.roomType === 'group' && (isSelf || !rights.canSetRoles) && role !== undefined && (
        <span class={`role role-${role}`}>{roleNames[role]}</span>
      )}
      {!isSelf && rights.canSetRoles && (
        <select
          class={`role role-select role-${role ?? 'unknown'}`}
          value={role ?? ''}
          aria-busy={isBusy}
          onChange={(event) => void setRole(event.currentTarget.value === 'admin' ? 'admin' : 'participant')}
          aria-label={`Role of ${name}`}
        >
          {role === undefined && (
            <option value="" disabled>
              Role
            </option>
          )}
          <option value="participant">{roleNames.participant}</option>
          <option value="admin">{roleNames.admin}</option>
        </select>
      )}
      {!isSelf && canRemove(room, role) && (
        <button
          type="button"
          class="icon-button remove-button"
          disabled={isBusy}
          onClick={() => void act(client.removeParticipant(roomId, memberId))}
          aria-label={`Remove ${name}`}
          title={`Remove ${name}`}
        >
          <Icon name="close" size={16} />
        </button>
      )}
    </li>
  );
}

/** See {@link MemberRow}. */
export interface MemberRowProps {
  readonly view: RoomView;
  readonly memberId: string;
  /** Undefined until it is told. */
  readonly role: Role | undefined;
}
