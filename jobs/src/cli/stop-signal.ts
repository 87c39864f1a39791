import { JobFailed } from '../job-failed.js';

/** Aborts at the first SIGINT or SIGTERM; the second ends the process as if nothing had listened. */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => stopping.abort(new JobFailed(`stopped by ${name}`)));
  }
  return stopping.signal;
}
