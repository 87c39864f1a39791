import { useClient } from '@parlance/react';
import type { JSX } from 'preact';
import { useChat } from '../chat/chat-context.js';
import { userName } from '../parts/user-name.js';
import { demoUsers } from '../session/sign-in.js';

/** The room list of somebody who has talked to nobody yet. */
export function NoRooms({ onOpen, onCreate }: NoRoomsProps): JSX.Element {
  const client = useClient();
  const { userId, attempt } = useChat();
  const other = demoUsers.find((id) => id !== userId) ?? demoUsers[0];
  const isDemoUser = demoUsers.some((id) => id === userId);
  const start = async (): Promise<void> => {
    await attempt(
      client.createRoom({ roomType: '1v1', participants: [userId, other] }).then(({ roomId }) => onOpen(roomId)),
    );
  };
  return (
    <div class="no-rooms">
      <p>No conversations yet.</p>
      {isDemoUser && (
        <button type="button" class="button button-primary" onClick={() => void start()}>
          Talk to {userName(other)}
        </button>
      )}
      <button type="button" class="button" onClick={onCreate}>
        Start a conversation
      </button>
      <p class="muted">
        Open{' '}
        <a href={`#user=${other}`} target="_blank" rel="noopener noreferrer">
          a second window as {userName(other)}
        </a>{' '}
        to see both sides.
      </p>
    </div>
  );
}

/** See {@link NoRooms}. */
export interface NoRoomsProps {
  readonly onOpen: (roomId: string) => void;
  readonly onCreate: () => void;
}
