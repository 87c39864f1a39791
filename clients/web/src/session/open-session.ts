import { indexedDbOutbox, type MonthInventory, ParlanceClient, ParlanceError } from '@parlance/client';
import { listMonths } from '../months/list-months.js';
import { devToken } from './dev-token.js';
import type { Identity } from './session.js';
import { tokenClaims } from './token-claims.js';

/** Somebody who is signed in. */
export interface Session {
  readonly userId: string;
  readonly client: ParlanceClient;
  /** Reads what the jobs know; there for a token with the scope `admin` only. */
  readonly readMonths?: () => Promise<MonthInventory>;
}

/**
 * Opens the chat of somebody. Rejects, for people, for a text that is no token, and where the gateway refuses to give one for the
 * user. A server that is not there now may be later: the client goes on asking, and says so.
 */
export async function openSession(url: string, identity: Identity): Promise<Session> {
  if ('token' in identity) {
    const { token } = identity;
    const { userId, scopes } = tokenClaims(token);
    const client = openClient(url, () => token);
    return { userId, client, ...(scopes.includes('admin') && { readMonths: () => listMonths(url, token) }) };
  }
  const { userId } = identity;
  let unused = await devToken(url, userId).catch((error: unknown) => {
    if (error instanceof ParlanceError && !error.retryable) throw error;
    return undefined;
  });
  const client = openClient(url, () => {
    const token = unused ?? devToken(url, userId);
    unused = undefined;
    return token;
  });
  return { userId, client };
}

function openClient(url: string, getToken: () => string | Promise<string>): ParlanceClient {
  // What was written and not sent outlives the page.
  return new ParlanceClient({ url, getToken, outbox: indexedDbOutbox() });
}
