import type { Patience } from '../connection/patience.js';
import type { Internals } from '../internals.js';

const quietMs = 4_000;

/**
 * Notices that a socket is dead although nobody has closed it, as when the network went away without a word: heartbeats alone
 * take 45 s for that. When a request has had no answer for {@link quietMs} and nothing else has arrived either, it sends a
 * request that the gateway answers by itself. If nothing at all arrives after that, the socket counts as silent.
 */
export class LivenessCheck {
  private heardAt = 0;
  private testedAt: number | undefined;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly internals: Pick<Internals, 'clock' | 'random'>,
    private readonly patience: Patience,
    private readonly socket: CheckedSocket,
  ) {}

  /** A request leaves. */
  asked(): void {
    const { clock } = this.internals;
    if (!this.socket.isWaiting()) this.heardAt = clock.now();
    this.cancel ??= clock.after(quietMs, () => this.look());
  }

  /** Something has arrived. */
  heard(): void {
    const now = this.internals.clock.now();
    this.heardAt = now;
    if (this.testedAt === undefined) return;
    this.patience.answeredAfter(now - this.testedAt);
    this.stop();
    if (this.socket.isWaiting()) this.asked();
  }

  /** Tests the socket now, whether or not a request waits. */
  test(): void {
    if (this.testedAt !== undefined) return;
    const { clock, random } = this.internals;
    this.stop();
    this.testedAt = clock.now();
    // Not all at the same moment when a gateway stands still for a while.
    const waitMs = this.patience.ms + Math.floor(random() * 1_000);
    this.cancel = clock.after(waitMs, () => {
      this.stop();
      this.patience.silence();
      this.socket.silent();
    });
    this.socket.probe();
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.testedAt = undefined;
  }

  private look(): void {
    this.cancel = undefined;
    if (!this.socket.isWaiting()) return;
    const { clock } = this.internals;
    const quietForMs = clock.now() - this.heardAt;
    if (quietForMs >= quietMs) this.test();
    else this.cancel = clock.after(quietMs - quietForMs, () => this.look());
  }
}

/** The socket, as far as it is checked. */
export interface CheckedSocket {
  /** There are requests without an answer. */
  isWaiting(): boolean;
  /** Sends something that is answered at once. */
  probe(): void;
  /** Nothing arrives any more. */
  silent(): void;
}
