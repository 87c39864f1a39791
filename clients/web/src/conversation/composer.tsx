import { useClient, useTyping } from '@parlance/react';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useChat } from '../chat/chat-context.js';
import { Icon } from '../parts/icon.js';
import { isComposing } from '../parts/is-composing.js';

/** What was written and not sent, by user and room, as long as the page lives. */
const drafts = new Map<string, string>();

/** Where one writes: grows with the text, Enter sends, Shift+Enter begins a line. Each room keeps its draft. */
export function Composer({ roomId, isOnline, onSent }: ComposerProps): JSX.Element {
  const client = useClient();
  const { userId } = useChat();
  const [, tellTyping] = useTyping(roomId);
  const draft = `${userId} ${roomId}`;
  const [text, setText] = useState(() => drafts.get(draft) ?? '');
  const field = useRef<HTMLTextAreaElement>(null);

  const change = (next: string): void => {
    setText(next);
    drafts.set(draft, next);
    tellTyping(next.trim() !== '');
  };
  const send = (): void => {
    if (text.trim() === '') return;
    client.send(roomId, text.trim());
    setText('');
    drafts.delete(draft);
    onSent();
    field.current?.focus();
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    send();
  };
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) field.current?.focus();
  }, []);
  useLayoutEffect(() => {
    const { current } = field;
    if (!current) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight}px`;
  }, [text]);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="composer-field">
        <textarea
          ref={field}
          rows={1}
          value={text}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={key}
          onBlur={() => tellTyping(false)}
          placeholder="Message"
          aria-label="Message"
          enterkeyhint="send"
        />
        <button
          type="submit"
          class="send-button"
          disabled={text.trim() === ''}
          aria-label="Send"
          onMouseDown={(event) => event.preventDefault()}
        >
          <Icon name="send" />
        </button>
      </div>
      {!isOnline && <p class="composer-hint">You are offline. What you write is sent when you are back.</p>}
    </form>
  );
}

/** See {@link Composer}. */
export interface ComposerProps {
  readonly roomId: string;
  readonly isOnline: boolean;
  readonly onSent: () => void;
}
