/** Where long steps tell how far they are. Implementations decide how often they show it. */
export interface Progress {
  /** One thing that happens now: "mongod: downloading from PyPI". `doneBytes`/`totalBytes` where known. */
  step(text: string, amount?: { readonly doneBytes?: number; readonly totalBytes?: number }): void;
  /** The last step is over; `text` says what came of it. */
  done(text: string): void;
}

/** Tells nobody. */
export const silentProgress: Progress = { step: () => undefined, done: () => undefined };

/** "12.4 of 42.2 MB (29 %)", "12.4 MB", or nothing. */
export function describeAmount(amount: { readonly doneBytes?: number; readonly totalBytes?: number } = {}): string {
  const { doneBytes, totalBytes } = amount;
  if (doneBytes === undefined) return '';
  if (totalBytes === undefined || totalBytes <= 0) return `${megabytes(doneBytes)} MB`;
  return `${megabytes(doneBytes)} of ${megabytes(totalBytes)} MB (${Math.min(100, Math.floor((100 * doneBytes) / totalBytes))} %)`;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
