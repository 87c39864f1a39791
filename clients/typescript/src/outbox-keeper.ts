import type { Clock } from './clock.js';
import type { OutboxStore, StoredSend } from './outbox-store.js';
import { ParlanceError } from './parlance-error.js';

/** A store as the outbox uses it: what the store cannot do is told, and stops nothing. */
export class OutboxKeeper {
  constructor(
    private readonly store: OutboxStore,
    private readonly clock: Clock,
    private readonly failed: (error: ParlanceError) => void,
  ) {}

  /** What a user left there, in order; undefined when that cannot be told. Never rejects. */
  async load(userId: string): Promise<readonly StoredSend[] | undefined> {
    const all = await this.#attempt('be read', () => this.store.all());
    return all?.filter((send) => send.userId === userId);
  }

  /** Resolves when a message is kept, or when it turns out that it cannot be. Never rejects. */
  async put(send: StoredSend): Promise<void> {
    await this.#attempt('keep a message', () => this.store.put(send));
  }

  /** Forgets a message. What is not forgotten is sent again some day, and found to be there already. */
  remove(clientMessageId: string): void {
    void this.#attempt('forget a message', () => this.store.remove(clientMessageId));
  }

  /** Whoever does not answer within {@link patienceMs} is not waited for: a message must not wait for a disk for ever. */
  #attempt<Result>(what: string, work: () => Promise<Result>): Promise<Result | undefined> {
    return new Promise((resolve) => {
      let isOver = false;
      const end = (result: Result | undefined, error?: unknown): void => {
        if (isOver) return;
        isOver = true;
        cancel();
        if (error !== undefined) this.failed(outboxFailed(what, error));
        resolve(result);
      };
      const cancel = this.clock.after(patienceMs, () => end(undefined, new Error('it does not answer')));
      // In a function of its own, so that a store that throws is one that rejects.
      const begin = async (): Promise<Result> => work();
      begin().then(end, (thrown: unknown) => end(undefined, thrown ?? new Error('no reason was given')));
    });
  }
}

function outboxFailed(what: string, cause: unknown): ParlanceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The outbox could not ${what}: ${reason}`;
  return new ParlanceError({ code: 'OUTBOX_FAILED', message, retryable: false, outcome: 'unknown' }, { cause });
}

const patienceMs = 5_000;
