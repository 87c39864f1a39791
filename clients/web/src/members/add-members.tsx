import { useClient } from '@parlance/react';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useChat } from '../chat/chat-context.js';
import { PeopleField } from '../rooms/people-field.js';

/** Adds people to a group, by their ids. */
export function AddMembers({ roomId }: { readonly roomId: string }): JSX.Element {
  const client = useClient();
  const { attempt } = useChat();
  const { rooms } = client;
  const [people, setPeople] = useState<readonly string[]>([]);
  const [round, setRound] = useState(0);
  const inRoom = rooms.get(roomId)?.room.participants ?? [];
  const known = new Set([...rooms.values()].flatMap(({ room }) => room.participants));
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (round > 0) form.current?.querySelector('input')?.focus();
  }, [round]);
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (people.length === 0 || !(await attempt(client.addParticipants(roomId, [...people])))) return;
    setPeople([]);
    setRound(round + 1);
  };
  return (
    <form ref={form} class="add-members" onSubmit={(event) => void add(event)}>
      <PeopleField
        key={round}
        label="Add people"
        people={people}
        suggestions={[...known].filter((id) => !inRoom.includes(id)).toSorted()}
        onChange={setPeople}
      />
      <button type="submit" class="button" disabled={people.length === 0}>
        Add
      </button>
    </form>
  );
}
