const statusHint: Readonly<Record<number, string>> = {
  401: ': it does not know who asks',
  403: ': the service account may not do this',
  404: ': there is no such thing',
};

/** Why the API did not do something, in a few words without what it was asked. */
export function kubernetesReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // It has a number as its code too, which is no status of HTTP.
  if (thrown.name === 'TimeoutError') return 'it did not answer in time';
  const status = statusOf(thrown);
  if (status !== undefined) return `it answered ${status}${statusHint[status] ?? ''}`;
  const { cause = thrown } = thrown;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : thrown.message;
}

/** The HTTP status that the API answered with, if it answered. */
export function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number' ? thrown.code : undefined;
}
