import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { isComposing } from '../parts/is-composing.js';

/**
 * A field for user ids. With several, a comma, a space or Enter makes a chip of what was typed, Backspace in the empty
 * field takes the last one away; what stands in the field counts as a person too.
 */
export function PeopleField({ label, people, isSingle = false, suggestions, onChange }: PeopleFieldProps): JSX.Element {
  const inputId = useId();
  const listId = useId();
  const [chips, setChips] = useState<readonly string[]>(isSingle ? [] : people);
  const [text, setText] = useState(isSingle ? (people[0] ?? '') : '');
  const tell = (nextChips: readonly string[], nextText: string): void => {
    setChips(nextChips);
    setText(nextText);
    onChange([...new Set([...nextChips, nextText.trim()])].filter((id) => id !== ''));
  };
  const type = (value: string): void => {
    if (isSingle) return tell([], value);
    const parts = value.split(/[\s,;]+/);
    const rest = parts.pop() ?? '';
    tell(
      [...new Set([...chips, ...parts])].filter((id) => id !== ''),
      rest,
    );
  };
  const key = (event: KeyboardEvent): void => {
    if (isSingle || isComposing(event)) return;
    if (event.key === 'Enter' && text.trim() !== '') {
      event.preventDefault();
      type(`${text} `);
    } else if (event.key === 'Backspace' && text === '' && chips.length > 0) tell(chips.slice(0, -1), '');
  };
  return (
    <div class="field">
      <label for={inputId}>{label}</label>
      <div class="people">
        {chips.map((id) => (
          <span key={id} class="chip">
            {id}
            <button
              type="button"
              onClick={() =>
                tell(
                  chips.filter((chip) => chip !== id),
                  text,
                )
              }
              aria-label={`Take ${id} away`}
            >
              <Icon name="close" size={12} />
            </button>
          </span>
        ))}
        <input
          id={inputId}
          list={listId}
          value={text}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={key}
          placeholder={chips.length > 0 ? '' : isSingle ? 'User id, such as bob' : 'User ids'}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
        />
        <datalist id={listId}>
          {suggestions
            .filter((id) => !chips.includes(id))
            .map((id) => (
              <option key={id} value={id} />
            ))}
        </datalist>
      </div>
    </div>
  );
}

/** See {@link PeopleField}. */
export interface PeopleFieldProps {
  readonly label: string;
  readonly people: readonly string[];
  /** One person, and no chips. */
  readonly isSingle?: boolean;
  readonly suggestions: readonly string[];
  readonly onChange: (people: readonly string[]) => void;
}
