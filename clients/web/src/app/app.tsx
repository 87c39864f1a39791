import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { loadGatewayUrl } from '../session/gateway-config.js';
import { openSession, type Session } from '../session/open-session.js';
import { currentIdentity, type Identity, rememberIdentity } from '../session/session.js';
import { SignIn } from '../session/sign-in.js';
import { ChatShell } from './chat-shell.js';

/** The whole page: signing in, and then the chat of one user. */
export function App(): JSX.Element | null {
  const [gatewayUrl, setGatewayUrl] = useState<string>();
  const [session, setSession] = useState<Session>();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const signIn = async (url: string, identity: Identity): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const opened = await openSession(url, identity);
      rememberIdentity(identity);
      setSession(opened);
    } catch (error) {
      rememberIdentity(undefined);
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };

  const signOut = (): void => {
    rememberIdentity(undefined);
    history.replaceState(null, '', location.pathname + location.search);
    setSession(undefined);
  };

  useEffect(() => {
    void loadGatewayUrl().then((url) => {
      setGatewayUrl(url);
      const identity = currentIdentity();
      return identity === undefined ? undefined : signIn(url, identity);
    });
    const follow = (): void => {
      const address = new URLSearchParams(location.hash.slice(1));
      if (address.has('user') || address.has('token')) location.reload();
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);

  if (gatewayUrl === undefined) return null;
  if (session) return <ChatShell key={session.userId} {...session} onSignOut={signOut} />;
  return <SignIn isBusy={isBusy} problem={problem} onSignIn={(identity) => void signIn(gatewayUrl, identity)} />;
}
