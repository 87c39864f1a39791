import type { RoomView } from '@parlance/client';
import { useClient, useRoom, useTyping } from '@parlance/react';
import { type FormEvent, useEffect, useRef } from 'react';

/** The open room: what was said, who is typing, and where one writes. */
export function Room({ roomId, userId, onClose, onFail }: RoomProps) {
  const client = useClient();
  const view = useRoom(roomId);
  const [typing, tellTyping] = useTyping(roomId);
  const end = useRef<HTMLDivElement>(null);
  const head = view?.room.head;

  // Whoever sees the newest message has read everything.
  useEffect(() => {
    end.current?.scrollIntoView();
    client.markRead(roomId);
  }, [client, roomId, head, view?.pending]);

  if (!view) return <p className="nothing">…</p>;

  function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get('text') as string;
    event.currentTarget.reset();
    if (text.trim()) client.send(roomId, text.trim());
  }

  return (
    <main>
      <header>
        <button onClick={onClose} aria-label="Back">
          ‹
        </button>
        <h2>{titleOf(view, userId)}</h2>
      </header>
      <div role="log">
        {view.hasOlder && <button onClick={() => void client.loadOlder(roomId).catch(onFail)}>Older messages</button>}
        {view.messages.map(({ messageId, senderId, content, status }) => (
          <p key={messageId} className={senderId === userId ? 'own' : ''}>
            {content}
            {senderId === userId && <small>{status === 'read' ? 'read' : '✓'}</small>}
          </p>
        ))}
        {view.pending.map(({ clientMessageId, content, state, error }) => (
          <p key={clientMessageId} className="own pending">
            {content}
            <small>{state === 'failed' ? error?.message : 'on its way'}</small>
            {state === 'failed' && <button onClick={() => client.retry(roomId, clientMessageId)}>Try again</button>}
          </p>
        ))}
        <div ref={end} />
      </div>
      <p role="status">{typing.length > 0 && `${typing.join(', ')} is typing …`}</p>
      <form onSubmit={send}>
        <input
          name="text"
          placeholder="Message"
          aria-label="Message"
          autoComplete="off"
          onChange={(event) => tellTyping(event.target.value !== '')}
        />
        <button>Send</button>
      </form>
    </main>
  );
}

/** What a room is called: its name, or who else is in it. */
export function titleOf({ room }: RoomView, userId: string) {
  return room.metadata.name ?? room.participants.filter((id) => id !== userId).join(', ');
}

interface RoomProps {
  roomId: string;
  userId: string;
  onClose: () => void;
  onFail: (error: Error) => void;
}
