import { clearTimeout, setTimeout } from 'k6/timers';

/** As the promise, but rejects with the name of what was waited for when it takes longer than `patienceMs`. */
export function within<Value>(patienceMs: number, promise: Promise<Value>, what: string): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what}: nothing for ${patienceMs / 1_000} s`)), patienceMs);
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
