/**
 * A token from the gateway's development endpoint. Throws with what to do when no gateway answers, or one that hands out
 * no tokens.
 */
export async function devToken(gateway: string, userId: string): Promise<string> {
  const response = await fetch(`${gateway}/api/v1/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId }),
  }).catch((cause: unknown) => {
    throw new Error(`no gateway answers at ${gateway}; start one with "make up", or name another one`, {
      cause,
    });
  });
  if (!response.ok) {
    throw new Error(
      `the gateway at ${gateway} hands out no development tokens (HTTP ${response.status}); "make up" runs one that does`,
    );
  }
  const { data } = (await response.json()) as { data: { token: string } };
  return data.token;
}
