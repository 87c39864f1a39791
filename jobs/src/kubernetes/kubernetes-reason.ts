const statusHint: Readonly<Record<number, string>> = {
  401: ': it does not know who asks',
  403: ': the service account may not do this',
  404: ': there is no such thing',
};

const tooLate = 'it did not answer in time';

/** Why the API did not do something, in a few words without what it was asked. */
export function kubernetesReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // It has a number as its code too, which is no status of HTTP.
  if (thrown.name === 'TimeoutError') return tooLate;
  const status = statusOf(thrown);
  if (status !== undefined) return `it answered ${status}${statusHint[status] ?? ''}`;
  const { cause = thrown } = thrown;
  if (cause instanceof Error && 'code' in cause && cause.code === 'UND_ERR_CONNECT_TIMEOUT') return tooLate;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : thrown.message;
}

/** The HTTP status that the API answered with, if it answered. */
export function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number' ? thrown.code : undefined;
}
