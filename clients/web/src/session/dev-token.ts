import { ParlanceError } from '@parlance/client';

/**
 * A token for a user from the gateway's `POST /api/v1/dev/token`. Rejects with the server's text; with an error that is
 * not retryable where the gateway gives no tokens away or refuses the id.
 */
export async function devToken(gatewayUrl: string, userId: string): Promise<string> {
  const response = await fetch(`${gatewayUrl}/api/v1/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  }).catch((cause: unknown) => {
    throw new Error(`The server at ${gatewayUrl} does not answer.`, { cause });
  });
  const answer = (await response.json().catch(() => ({}))) as TokenAnswer;
  if (answer.data) return answer.data.token;
  const isFinal = response.status >= 400 && response.status < 500 && response.status !== 429;
  throw new ParlanceError({
    code: 'UNAUTHENTICATED',
    message:
      response.status === 404
        ? 'This server gives no demo tokens away: it runs without DEV_TOKENS.'
        : (answer.error?.message ?? `The server answered with HTTP ${response.status}.`),
    retryable: !isFinal,
    outcome: 'rejected',
  });
}

interface TokenAnswer {
  readonly data?: { readonly token: string };
  readonly error?: { readonly message: string };
}
