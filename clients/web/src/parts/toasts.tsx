import type { JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.js';

const shownMs = 6_000;

/** The notes in the corner. A screen reader says each as it comes. */
export function Toasts({ toasts, dismiss }: ToastList): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, text }) => (
        <div key={id} class="toast">
          <span>{text}</span>
          <button type="button" class="icon-button" onClick={() => dismiss(id)} aria-label="Dismiss">
            <Icon name="close" size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}

/** Notes that go away after six seconds. The same text twice is shown once; there are never more than three. */
export function useToasts(): ToastList & { readonly show: (text: string) => void } {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const lastId = useRef(0);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback((text: string) => {
    lastId.current += 1;
    const id = lastId.current;
    setToasts((all) => [...all.filter((toast) => toast.text !== text), { id, text }].slice(-3));
  }, []);
  const oldest = toasts[0]?.id;
  useEffect(() => {
    if (oldest === undefined) return;
    const timer = setTimeout(() => dismiss(oldest), shownMs);
    return () => clearTimeout(timer);
  }, [oldest, dismiss]);
  return { toasts, dismiss, show };
}

/** What is shown now. */
export interface ToastList {
  readonly toasts: readonly Toast[];
  readonly dismiss: (id: number) => void;
}

/** One note. */
export interface Toast {
  readonly id: number;
  readonly text: string;
}
