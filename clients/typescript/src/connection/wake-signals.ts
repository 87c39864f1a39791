import type { Clock } from '../time/clock.js';

const everyMs = 10_000;
const sleepMs = 20_000;

/**
 * Calls back when waiting any longer makes no sense: the network is back (`online`), the page is shown or thawed
 * (`visibilitychange`, `pageshow`, and `resume`, https://wicg.github.io/page-lifecycle/), or the machine has slept, which
 * shows as a timer that is far too late. Events that there are none of, as in Node, simply never come.
 *
 * @returns a function that ends it.
 */
export function listenForWake(clock: Clock, wake: () => void, scope: WakeScope = globalThis): () => void {
  const { document: page } = scope;
  const isHidden = (): boolean => page?.visibilityState === 'hidden';
  const shown = (): void => {
    if (!isHidden()) wake();
  };
  const signals: readonly [Partial<EventTarget> | undefined, string, () => void][] = [
    [scope, 'online', wake],
    [scope, 'pageshow', shown],
    [page, 'visibilitychange', shown],
    [page, 'resume', shown],
  ];
  for (const [target, name, listener] of signals) target?.addEventListener?.(name, listener);
  let cancel = (): void => undefined;
  const look = (): void => {
    const dueAt = clock.now() + everyMs;
    cancel = clock.after(everyMs, () => {
      // Timers of hidden pages are held back on purpose, and such a page is told when it is shown.
      if (clock.now() - dueAt > sleepMs) shown();
      look();
    });
  };
  look();
  return () => {
    cancel();
    for (const [target, name, listener] of signals) target?.removeEventListener?.(name, listener);
  };
}

/** Where signals come from: the global scope of a page, a worker or a program. */
export type WakeScope = Partial<EventTarget> & {
  readonly document?: Partial<EventTarget> & { readonly visibilityState?: string };
};
