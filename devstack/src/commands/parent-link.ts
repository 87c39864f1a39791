import type { Progress } from '../progress.js';
import { complain, say } from './say.js';

/**
 * The supervisor's side of `up --detach`: what it would tell a person goes to the waiting command, and to its own log (stdout).
 * `undefined` when this process was not started that way.
 */
export function parentLink(): ParentLink | undefined {
  if (process.send === undefined) return undefined;
  const send = (message: SupervisorMessage): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined); // the command may have gone
  };
  let settled = false;
  return {
    progress: {
      step: (text, amount) => send({ kind: 'step', text, amount: amount ?? {} }),
      done: (text) => {
        say(`${new Date().toISOString()} ${text}`);
        send({ kind: 'done', text });
      },
    },
    ready: () => {
      settled = true;
      send({ kind: 'ready' });
    },
    failed: (text) => {
      settled = true;
      complain(`${new Date().toISOString()} ${text}`);
      send({ kind: 'failed', text });
    },
    onLost: (listener) => {
      process.on('disconnect', () => (settled ? undefined : listener()));
      process.channel?.unref(); // the link alone is no reason to stay
    },
  };
}

/** What the supervisor says to the command that waits for it. */
export type SupervisorMessage =
  | {
      readonly kind: 'step';
      readonly text: string;
      readonly amount: { readonly doneBytes?: number; readonly totalBytes?: number };
    }
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly text: string };

/** See {@link parentLink}. */
export interface ParentLink {
  readonly progress: Progress;
  ready(): void;
  failed(text: string): void;
  /** Calls `listener` when the waiting command is gone before all is ready: nobody wants the stack any more. */
  onLost(listener: () => void): void;
}
