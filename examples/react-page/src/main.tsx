import { indexedDbOutbox, ParlanceClient } from '@parlance/client';
import { ParlanceProvider } from '@parlance/react';
import { createRoot } from 'react-dom/client';
import { Chat } from './chat.tsx';
import './style.css';

// Who is signed in is the business of your page. Here it is a word in the address: ?user=ann
const userId = new URLSearchParams(location.search).get('user') ?? 'ann';
const url: string = import.meta.env.VITE_PARLANCE_URL;

// One client for the page, made outside of all components. It connects as soon as the provider is there.
const client = new ParlanceClient({
  url,
  // Your backend mints tokens for those who are signed in. The stack of `make up` has a route for trying things out.
  getToken: async () => {
    const body = JSON.stringify({ userId });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/v1/dev/token`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`no token for ${userId}: ${response.status}`);
    return (await response.json()).data.token;
  },
  // What is written without a connection outlives the page.
  outbox: indexedDbOutbox(),
});

createRoot(document.querySelector('#app')!).render(
  <ParlanceProvider client={client}>
    <Chat userId={userId} />
  </ParlanceProvider>,
);
