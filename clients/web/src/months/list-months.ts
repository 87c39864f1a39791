import type { MonthInventory } from '@parlance/client';

/**
 * What the jobs know of all months, from the gateway's `GET /api/v1/admin/months`. The token needs the scope `admin`. Rejects with the
 * server's text.
 */
export async function listMonths(gatewayUrl: string, token: string): Promise<MonthInventory> {
  const response = await fetch(`${gatewayUrl}/api/v1/admin/months`, {
    headers: { authorization: `Bearer ${token}` },
    cache: 'no-store',
  }).catch((cause: unknown) => {
    throw new Error(`The server at ${gatewayUrl} does not answer.`, { cause });
  });
  const answer = (await response.json().catch(() => ({}))) as Answer;
  if (answer.data) return answer.data;
  throw new Error(answer.error?.message ?? `The server answered with HTTP ${response.status}.`);
}

interface Answer {
  readonly data?: MonthInventory;
  readonly error?: { readonly message: string };
}
