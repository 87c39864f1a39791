import type { RoomView } from '@parlance/client';
import { useClient, useClientEvent, useConnection, useRooms } from '@parlance/react';
import { type FormEvent, memo, useState } from 'react';
import { Room, titleOf } from './room.tsx';

// A view is another object only when its room has changed: `memo` leaves the rows of all others alone.
const Row = memo(({ view, userId, onOpen }: { view: RoomView; userId: string; onOpen: (roomId: string) => void }) => (
  <button onClick={() => onOpen(view.room.roomId)}>
    <b>{titleOf(view, userId)}</b>
    <span>{view.typing.length > 0 ? 'is typing …' : view.lastMessage?.content}</span>
    {view.unreadCount > 0 && <mark>{view.unreadCount}</mark>}
  </button>
));

/** The whole chat: rooms at the left, the open one at the right. */
export function Chat({ userId }: { userId: string }) {
  const { state, error } = useConnection();
  const rooms = useRooms();
  const client = useClient();
  const [openId, setOpenId] = useState<string>();
  const [problem, setProblem] = useState('');

  // What went wrong where no promise could tell it.
  const fail = ({ message }: Error) => setProblem(message);
  useClientEvent('error', fail);

  function talk(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const other = new FormData(event.currentTarget).get('other') as string;
    event.currentTarget.reset();
    // Two people have one room, whoever begins: it is made, or found again.
    client.createRoom({ roomType: '1v1', participants: [userId, other] }).then(({ roomId }) => setOpenId(roomId), fail);
  }

  return (
    <div className={openId ? 'chat has-room' : 'chat'}>
      <nav>
        <h1>{userId}</h1>
        <form onSubmit={talk}>
          <input name="other" placeholder="Talk to" aria-label="Talk to" required disabled={state !== 'online'} />
        </form>
        <p role="status">{[state, error?.message, problem].filter(Boolean).join(': ')}</p>
        {[...rooms.values()].map((view) => (
          <Row key={view.room.roomId} view={view} userId={userId} onOpen={setOpenId} />
        ))}
      </nav>
      {openId ? (
        <Room key={openId} roomId={openId} userId={userId} onClose={() => setOpenId(undefined)} onFail={fail} />
      ) : (
        <p className="nothing">Whom would you like to talk to?</p>
      )}
    </div>
  );
}
