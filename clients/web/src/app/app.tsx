import { indexedDbOutbox, ParlanceClient, ParlanceError } from '@parlance/client';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { devToken } from '../session/dev-token.js';
import { loadGatewayUrl } from '../session/gateway-config.js';
import { currentUser, rememberUser } from '../session/session.js';
import { SignIn } from '../session/sign-in.js';
import { ChatShell } from './chat-shell.js';

/** The whole page: signing in, and then the chat of one user. */
export function App(): JSX.Element | null {
  const [gatewayUrl, setGatewayUrl] = useState<string>();
  const [session, setSession] = useState<Session>();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const signIn = async (url: string, userId: string): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const first = await devToken(url, userId).catch((error: unknown) => {
        // A server that is not there now may be later: the client goes on asking, and says so.
        if (error instanceof ParlanceError && !error.retryable) throw error;
        return undefined;
      });
      rememberUser(userId);
      setSession({ userId, client: openClient(url, userId, first) });
    } catch (error) {
      rememberUser(undefined);
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };

  const signOut = (): void => {
    rememberUser(undefined);
    history.replaceState(null, '', location.pathname + location.search);
    setSession(undefined);
  };

  useEffect(() => {
    void loadGatewayUrl().then((url) => {
      setGatewayUrl(url);
      const user = currentUser();
      return user === undefined ? undefined : signIn(url, user);
    });
    const follow = (): void => {
      if (new URLSearchParams(location.hash.slice(1)).has('user')) location.reload();
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);

  if (gatewayUrl === undefined) return null;
  if (session) return <ChatShell key={session.userId} {...session} onSignOut={signOut} />;
  return <SignIn isBusy={isBusy} problem={problem} onSignIn={(userId) => void signIn(gatewayUrl, userId)} />;
}

interface Session {
  readonly userId: string;
  readonly client: ParlanceClient;
}

function openClient(url: string, userId: string, first: string | undefined): ParlanceClient {
  let unused = first;
  return new ParlanceClient({
    url,
    getToken: () => {
      const token = unused ?? devToken(url, userId);
      unused = undefined;
      return token;
    },
    // What was written and not sent outlives the page.
    outbox: indexedDbOutbox(),
  });
}
