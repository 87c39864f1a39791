import { type ParlanceClient, ParlanceError } from '@parlance/client';
import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { type Chat, ChatContext } from '../chat/chat-context.js';
import { useConnection, useRooms } from '../chat/use-client.js';
import { Conversation } from '../conversation/conversation.js';
import { Boundary } from '../parts/boundary.js';
import { Toasts, useToasts } from '../parts/toasts.js';
import { RoomPane } from '../rooms/room-pane.js';
import { ConnectionBar } from './connection-bar.js';
import { NothingOpen } from './nothing-open.js';
import { useSelectedRoom } from './use-selected-room.js';

/** The chat of one user: the rooms at the left, the open one at the right; on a phone one of the two at a time. */
export function ChatShell({ client, userId, onSignOut }: ChatShellProps): JSX.Element {
  const { state, nextAttemptAt } = useConnection(client);
  const rooms = useRooms(client);
  const toasts = useToasts();
  const { show } = toasts;
  const selected = useSelectedRoom();
  const [problem, setProblem] = useState<string>();

  const report = useCallback(
    (error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      const isAboutConnection = error instanceof ParlanceError && connectionCodes.has(error.code);
      if (isAboutConnection) setProblem(text);
      else show(text);
    },
    [show],
  );
  useEffect(() => {
    const stops = [
      client.on('error', report),
      client.on('messageLost', ({ content }) =>
        show(`The server was restored to an earlier time and has lost what you wrote: ${content}`),
      ),
    ];
    client.connect().catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
    return () => {
      for (const stop of stops) stop();
      client.close();
    };
  }, [client, report, show]);

  const chat = useMemo(
    (): Chat => ({
      client,
      userId,
      show,
      attempt: async (work) => {
        try {
          await work;
          return true;
        } catch (error) {
          show(error instanceof Error ? error.message : String(error));
          return false;
        }
      },
    }),
    [client, userId, show],
  );

  const unread = [...rooms.values()].reduce((sum, { unreadCount }) => sum + unreadCount, 0);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Parlance` : 'Parlance';
  }, [unread]);

  const view = selected.roomId === undefined ? undefined : rooms.get(selected.roomId);
  return (
    <ChatContext.Provider value={chat}>
      <div class={`shell ${view ? 'shell-room-open' : ''}`}>
        <ConnectionBar state={state} nextAttemptAt={nextAttemptAt} problem={problem} onSignOut={onSignOut} />
        <RoomPane
          rooms={rooms}
          isLoaded={state === 'online' || rooms.size > 0}
          selectedId={view?.room.roomId}
          onOpen={selected.open}
          onSignOut={onSignOut}
        />
        {view ? (
          <Boundary key={view.room.roomId} instead={<p class="log-note">This conversation cannot be shown.</p>}>
            <Conversation view={view} isOnline={state === 'online'} onClose={selected.close} />
          </Boundary>
        ) : (
          <NothingOpen />
        )}
        <Toasts {...toasts} />
      </div>
    </ChatContext.Provider>
  );
}

/** See {@link ChatShell}. */
export interface ChatShellProps {
  readonly client: ParlanceClient;
  readonly userId: string;
  readonly onSignOut: () => void;
}

/** Errors that the connection bar speaks of. */
const connectionCodes: ReadonlySet<string> = new Set([
  'DISCONNECTED',
  'TOKEN_SOURCE_FAILED',
  'CLOSED',
  'UNAUTHENTICATED',
]);
