import { ParlanceError } from '../../parlance-error.js';
import type { Clock } from '../../time/clock.js';
import type { OutboxStore, StoredSend } from './outbox-store.js';

const patienceMs = 5_000;
const lookAgainMs = 30_000;

/**
 * A store as the outbox uses it: what the store cannot do is told, stops nothing, and is made up for when the store answers
 * again. One that does not answer for {@link patienceMs} counts as broken: that is told once, and nobody waits for it any
 * more until it has taken everything that it lacks.
 */
export class OutboxKeeper {
  /** What is under way to the store or could not be done there, by name, in the order in which it was first wanted. */
  private readonly wishes = new Map<string, Wish>();
  /** Ends the waiting for what the store has not answered yet. */
  private readonly waiting = new Set<() => void>();
  private isBroken = false;
  private isHealing = false;
  private isOnline = false;
  private cancelTimer: (() => void) | undefined;

  /**
   * @param failed told of everything that fails, once of a store that does not answer.
   * @param healed told when a broken store answers again and has everything.
   */
  constructor(
    private readonly store: OutboxStore,
    private readonly clock: Clock,
    private readonly failed: (error: ParlanceError) => void,
    private readonly healed: () => void,
  ) {}

  /** What a user left there, in order; undefined when that cannot be told. Never rejects. */
  async load(userId: string): Promise<readonly StoredSend[] | undefined> {
    if (this.isBroken) return undefined;
    const all = await this.attempt('be read', () => this.store.all());
    return all?.value.filter((send) => send.userId === userId);
  }

  /** Resolves when a message is kept, or when it turns out that it cannot be for now. Never rejects. */
  put(send: StoredSend): Promise<void> {
    return this.want('keep a message', send.clientMessageId, { send, isOwed: this.isBroken });
  }

  /** Forgets a message. What is not forgotten is sent again some day, and found to be there already. */
  remove(clientMessageId: string): void {
    void this.want('forget a message', clientMessageId, { send: undefined, isOwed: this.isBroken });
  }

  /** A connection stands: as long as it does, a store that failed is tried again every {@link lookAgainMs}. */
  resume(): void {
    this.isOnline = true;
    void this.heal();
  }

  /** The connection is gone. */
  stop(): void {
    this.isOnline = false;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private async want(what: string, name: string, wish: Wish): Promise<void> {
    this.wishes.set(name, wish);
    if (wish.isOwed) return;
    const done = await this.attempt(what, () => this.carryOut(name, wish));
    wish.isOwed = !done;
    if (done) void this.heal();
    else this.lookLater();
  }

  /** Does what the store lacks, one after another, until something fails again. Never rejects. */
  private async heal(): Promise<void> {
    if (this.isHealing || (!this.isBroken && !this.owed())) return;
    this.isHealing = true;
    let isWell = this.owed() !== undefined || (await this.tries(() => this.store.all()));
    for (let owed = this.owed(); isWell && owed; owed = this.owed()) {
      const [name, wish] = owed;
      isWell = await this.tries(() => this.carryOut(name, wish));
    }
    this.isHealing = false;
    if (!isWell) return this.lookLater();
    if (!this.isBroken) return;
    this.isBroken = false;
    this.healed();
  }

  /** Nobody is told what comes of it. */
  private async tries(work: () => Promise<unknown>): Promise<boolean> {
    return (await this.attempt('be used', work, 'quietly')) !== undefined;
  }

  private owed(): readonly [string, Wish] | undefined {
    return [...this.wishes].find(([, { isOwed }]) => isOwed);
  }

  /** Counts when the store has done it, however late, unless something else is wanted by then. */
  private async carryOut(name: string, wish: Wish): Promise<void> {
    await (wish.send ? this.store.put(wish.send) : this.store.remove(name));
    if (this.wishes.get(name) === wish) this.wishes.delete(name);
  }

  private lookLater(): void {
    if (!this.isOnline) return;
    this.cancelTimer ??= this.clock.after(lookAgainMs, () => {
      this.cancelTimer = undefined;
      void this.heal();
    });
  }

  private breakDown(): void {
    if (this.isBroken) return;
    this.isBroken = true;
    this.failed(outboxFailed('do what it was asked for', new Error('it does not answer')));
    for (const giveUp of this.waiting) giveUp();
  }

  /** What came of it; undefined when it failed, or when the store is not waited for any longer. */
  private attempt<Value>(
    what: string,
    work: () => Promise<Value>,
    manner: 'aloud' | 'quietly' = 'aloud',
  ): Promise<{ readonly value: Value } | undefined> {
    return new Promise((resolve) => {
      const end = (result: { readonly value: Value } | undefined): void => {
        cancel();
        this.waiting.delete(giveUp);
        resolve(result);
      };
      const giveUp = (): void => end(undefined);
      const cancel = this.clock.after(patienceMs, () => {
        this.breakDown();
        giveUp();
        this.lookLater();
      });
      this.waiting.add(giveUp);
      const isLate = (): boolean => !this.waiting.has(giveUp);
      // In a function of its own, so that a store that throws is one that rejects.
      const begin = async (): Promise<Value> => work();
      begin().then(
        (value) => (isLate() ? void this.heal() : end({ value })),
        (thrown: unknown) => {
          if (isLate()) return void this.heal();
          if (manner === 'aloud') this.failed(outboxFailed(what, thrown));
          giveUp();
        },
      );
    });
  }
}

/** Something that the store is to do: put this message, or forget the one of that name. */
interface Wish {
  readonly send: StoredSend | undefined;
  /** Nothing is under way to do it. */
  isOwed: boolean;
}

function outboxFailed(what: string, cause: unknown): ParlanceError {
  const reason = cause instanceof Error ? cause.message : 'no reason was given';
  const message = `The outbox could not ${what}: ${reason}`;
  return new ParlanceError({ code: 'OUTBOX_FAILED', message, retryable: false, outcome: 'unknown' }, { cause });
}
