import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ThemeToggle } from '../app/theme-toggle.js';
import { Avatar } from '../parts/avatar.js';
import { userName } from '../parts/user-name.js';
import type { Identity } from './session.js';

/** Users that the demo offers in one click. */
export const demoUsers = ['alice', 'bob'] as const;

/** The first screen: one click for each of two demo users, any user id, or a token. */
export function SignIn({ isBusy, problem, onSignIn }: SignInProps): JSX.Element {
  const [userId, setUserId] = useState('');
  const [token, setToken] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    if (userId.trim() !== '') onSignIn({ userId: userId.trim() });
  };
  const submitToken = (event: Event): void => {
    event.preventDefault();
    if (token.trim() !== '') onSignIn({ token: token.trim() });
  };
  return (
    <main class="sign-in">
      <div class="sign-in-corner">
        <ThemeToggle />
      </div>
      <section class="sign-in-card" aria-label="Sign in">
        <img class="sign-in-logo" src="./favicon.svg" alt="" width="56" height="56" />
        <h1>Parlance</h1>
        <p class="muted">Pick who you are. Open a second window to be somebody else.</p>
        <ul class="demo-users">
          {demoUsers.map((id) => (
            <li key={id}>
              <button type="button" class="demo-user" disabled={isBusy} onClick={() => onSignIn({ userId: id })}>
                <Avatar id={id} name={userName(id)} />
                <span>Continue as {userName(id)}</span>
              </button>
              <a href={`#user=${id}`} target="_blank" rel="noopener noreferrer">
                in a new window
              </a>
            </li>
          ))}
        </ul>
        <form class="sign-in-form" onSubmit={submit}>
          <label class="field">
            <span>Or any user id</span>
            <input
              value={userId}
              onInput={(event) => setUserId(event.currentTarget.value)}
              placeholder="carol"
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
            />
          </label>
          <button type="submit" class="button button-primary" disabled={isBusy || userId.trim() === ''}>
            Continue
          </button>
        </form>
        <details class="sign-in-token">
          <summary>Sign in with a token</summary>
          <form class="sign-in-form" onSubmit={submitToken}>
            <label class="field">
              <span>Token</span>
              <input
                type="password"
                value={token}
                onInput={(event) => setToken(event.currentTarget.value)}
                placeholder="eyJ…"
                autocomplete="off"
              />
            </label>
            <button type="submit" class="button" disabled={isBusy || token.trim() === ''}>
              Use it
            </button>
          </form>
        </details>
        <p class="sign-in-problem" role="alert">
          {problem}
        </p>
      </section>
    </main>
  );
}

/** See {@link SignIn}. */
export interface SignInProps {
  readonly isBusy: boolean;
  /** Why the last attempt failed. */
  readonly problem: string | undefined;
  readonly onSignIn: (identity: Identity) => void;
}
