import type { Clock } from './clock.js';

/**
 * Waits for work that others do, such as a callback or a store that the application brings: settles as the work does, or
 * rejects with `late()` after `timeoutMs`. Work that throws counts as work that rejects. What it does later is not heard.
 */
export function withinTime<Result>(
  clock: Clock,
  timeoutMs: number,
  work: () => Result | PromiseLike<Result>,
  late: () => Error,
): Promise<Result> {
  // In a function of its own, so that work that throws is work that rejects.
  const begin = async (): Promise<Result> => work();
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () => reject(late()));
    begin().then(resolve, reject).finally(cancel);
  });
}
