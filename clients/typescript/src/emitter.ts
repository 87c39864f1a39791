import { ParlanceError } from './parlance-error.js';

/**
 * Listeners by event name. What a listener throws stops neither the client nor the other listeners: it is told as
 * `error`, and thrown from a task of its own when nobody listens to that, as an `EventTarget` does.
 */
export class Emitter<Events extends { error: ParlanceError }> {
  private readonly listeners = new Map<keyof Events, Set<(payload: never) => void>>();

  /** Adds a listener; the function it answers removes it. The same function twice is called twice. */
  on<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): () => void {
    const own = (payload: Events[Name]): void => listener(payload);
    const all = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, all.add(own));
    return () => void all.delete(own);
  }

  /** Calls everyone who listened when it was called. */
  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    for (const listener of [...(this.listeners.get(name) ?? [])] as ((payload: Events[Name]) => void)[]) {
      try {
        listener(payload);
      } catch (thrown) {
        this.report(name, thrown);
      }
    }
  }

  private report(name: keyof Events, thrown: unknown): void {
    const isHeard = name !== 'error' && (this.listeners.get('error')?.size ?? 0) > 0;
    if (isHeard) this.emit('error', ParlanceError.from(thrown, 'LISTENER_FAILED'));
    else {
      setTimeout(() => {
        throw thrown;
      });
    }
  }
}
