import type { ConnectionState } from '@parlance/client';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useNow } from '../parts/use-now.js';

/** One line about the connection; nothing while all is well, and nothing about an attempt that is quick. */
export function ConnectionBar({ state, nextAttemptAt, problem, onSignOut }: ConnectionBarProps): JSX.Element {
  const isDue = useDelayed(state === 'idle' || state === 'connecting');
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    if (state === 'waiting' || state === 'closed') setLost(true);
    if (state === 'online') setLost(false);
  }, [state]);
  return (
    <div class="connection-bar-place" role="status" aria-live="polite">
      {state !== 'online' && (isLost || isDue) && (
        <div class={`connection-bar connection-${state}`}>
          <span class="connection-dot" />
          {state === 'closed' ? (
            <>
              <span>{problem ?? 'Disconnected.'}</span>
              <button type="button" class="link-button" onClick={onSignOut}>
                Sign in again
              </button>
            </>
          ) : (
            <span>
              {isLost ? 'Offline. Retrying' : 'Connecting'}
              {nextAttemptAt !== undefined && <Countdown to={nextAttemptAt} />}…
            </span>
          )}
        </div>
      )}
    </div>
  );
}

/** See {@link ConnectionBar}. */
export interface ConnectionBarProps {
  readonly state: ConnectionState;
  /** Unix milliseconds, while it waits for that. */
  readonly nextAttemptAt: number | undefined;
  /** Why there is no connection. */
  readonly problem: string | undefined;
  readonly onSignOut: () => void;
}

/** How long it takes to some time; nothing for the last second. Not read out: it would be, every second. */
function Countdown({ to }: { readonly to: number }): JSX.Element | null {
  const seconds = Math.ceil((to - useNow(500)) / 1_000);
  return seconds > 1 ? <span aria-hidden="true"> in {seconds} s</span> : null;
}

/** `wanted`, but true only after it was true for a moment. */
function useDelayed(wanted: boolean): boolean {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    if (!wanted) return setDue(false);
    const timer = setTimeout(() => setDue(true), 400);
    return () => clearTimeout(timer);
  }, [wanted]);
  return isDue;
}
