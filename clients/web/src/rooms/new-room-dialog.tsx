import type { RoomView } from '@parlance/client';
import { useClient } from '@parlance/react';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useChat } from '../chat/chat-context.js';
import { Dialog } from '../parts/dialog.js';
import { PeopleField } from './people-field.js';

/** Asks with whom to talk: one other, or a group with a name. What the server refuses is said in the dialog. */
export function NewRoomDialog({ rooms, onClose, onCreated }: NewRoomDialogProps): JSX.Element {
  const client = useClient();
  const { userId } = useChat();
  const [kind, setKind] = useState<'1v1' | 'group'>('1v1');
  const [name, setName] = useState('');
  const [people, setPeople] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const isGroup = kind === 'group';
  const isComplete = isGroup ? people.length > 0 : people.length === 1;

  const create = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!isComplete || isBusy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const metadata = isGroup && name.trim() !== '' ? { metadata: { name: name.trim() } } : {};
      const room = await client.createRoom({ roomType: kind, participants: [userId, ...people], ...metadata });
      onCreated(room.roomId);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  const choose = (next: '1v1' | 'group'): void => {
    setKind(next);
    if (next === '1v1') setPeople((all) => all.slice(0, 1));
  };
  return (
    <Dialog title="New conversation" onClose={onClose}>
      <form class="dialog-form" onSubmit={(event) => void create(event)}>
        <fieldset class="segments">
          <legend class="visually-hidden">Kind of conversation</legend>
          {(['1v1', 'group'] as const).map((value) => (
            <label key={value} class={`segment ${kind === value ? 'segment-on' : ''}`}>
              <input type="radio" name="kind" checked={kind === value} onChange={() => choose(value)} />
              {value === '1v1' ? 'Direct' : 'Group'}
            </label>
          ))}
        </fieldset>
        {isGroup && (
          <label class="field">
            <span>Group name</span>
            <input value={name} onInput={(event) => setName(event.currentTarget.value)} placeholder="Design team" />
          </label>
        )}
        <PeopleField
          key={kind}
          label={isGroup ? 'People' : 'With'}
          people={people}
          isSingle={!isGroup}
          suggestions={peopleOf(rooms, userId)}
          onChange={setPeople}
        />
        {problem !== undefined && (
          <p class="form-problem" role="alert">
            {problem}
          </p>
        )}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button button-primary" disabled={!isComplete || isBusy}>
            {isGroup ? 'Create group' : 'Start chat'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** See {@link NewRoomDialog}. */
export interface NewRoomDialogProps {
  readonly rooms: ReadonlyMap<string, RoomView>;
  readonly onClose: () => void;
  readonly onCreated: (roomId: string) => void;
}

function peopleOf(rooms: ReadonlyMap<string, RoomView>, ownId: string): readonly string[] {
  const all = new Set([...rooms.values()].flatMap(({ room }) => room.participants));
  all.delete(ownId);
  return [...all].toSorted().slice(0, 50);
}
