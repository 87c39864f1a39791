import type { MonthInventory, ParlanceClient } from '@parlance/client';
import { ParlanceProvider, useClientEvent, useConnection, useRoom, useRooms } from '@parlance/react';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Chat, ChatContext } from '../chat/chat-context.js';
import { Conversation } from '../conversation/conversation.js';
import { MonthsPage } from '../months/months-page.js';
import { Boundary } from '../parts/boundary.js';
import { Toasts, useToasts } from '../parts/toasts.js';
import { RoomPane } from '../rooms/room-pane.js';
import { ConnectionBar } from './connection-bar.js';
import { NothingOpen } from './nothing-open.js';
import { useSelectedRoom } from './use-selected-room.js';

/** The types of the hooks are React's; what their provider is given here and makes of it are nodes of Preact. */
const Provider = ParlanceProvider as (props: { client: ParlanceClient; children: ComponentChildren }) => JSX.Element;

/** Errors that the connection bar speaks of. */
const connectionCodes: ReadonlySet<string> = new Set([
  'DISCONNECTED',
  'TOKEN_SOURCE_FAILED',
  'CLOSED',
  'UNAUTHENTICATED',
]);

/** The chat of one user: the rooms at the left, the open one at the right; on a phone one of the two at a time. */
export function ChatShell({ client, ...rest }: ChatShellProps): JSX.Element {
  return (
    <Provider client={client}>
      <Shell {...rest} />
    </Provider>
  );
}

function Shell({ userId, readMonths, onSignOut }: Omit<ChatShellProps, 'client'>): JSX.Element {
  const { state, nextAttemptAt, error } = useConnection();
  const rooms = useRooms();
  const toasts = useToasts();
  const { show } = toasts;
  const selected = useSelectedRoom();
  const view = useRoom(selected.roomId);
  const [isOnMonths, setOnMonths] = useState(false);
  const months = isOnMonths ? readMonths : undefined;

  useClientEvent('error', ({ code, message }) => {
    if (!connectionCodes.has(code)) show(message);
  });
  useClientEvent('messageLost', ({ content }) =>
    show(`The server was restored to an earlier time and has lost what you wrote: ${content}`),
  );

  const chat = useMemo(
    (): Chat => ({
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
    [userId, show],
  );

  const unread = [...rooms.values()].reduce((sum, { unreadCount }) => sum + unreadCount, 0);
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Parlance` : 'Parlance';
  }, [unread]);

  return (
    <ChatContext.Provider value={chat}>
      <div class={`shell ${months ? 'shell-months' : view ? 'shell-room-open' : ''}`}>
        <ConnectionBar state={state} nextAttemptAt={nextAttemptAt} problem={error?.message} onSignOut={onSignOut} />
        <RoomPane
          rooms={rooms}
          isLoaded={state === 'online' || rooms.size > 0}
          selectedId={view?.room.roomId}
          onOpen={(roomId) => {
            setOnMonths(false);
            selected.open(roomId);
          }}
          onMonths={readMonths && (() => setOnMonths(true))}
          onSignOut={onSignOut}
        />
        {months ? (
          <Boundary instead={<p class="log-note">The months cannot be shown.</p>}>
            <MonthsPage read={months} onClose={() => setOnMonths(false)} />
          </Boundary>
        ) : view ? (
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
  /** Reads what the jobs know, for who may see it. */
  readonly readMonths?: (() => Promise<MonthInventory>) | undefined;
  readonly onSignOut: () => void;
}
