import { ParlanceError } from '../parlance-error.js';
import type { Clock } from '../time/clock.js';
import { deferred } from '../time/deferred.js';

/**
 * What `connect()` waits for: the first `ready`. Nobody can say whether a gateway that does not answer is down or was never
 * there, so the attempts go on; whoever waits longer than `timeoutMs` and a second, in which the attempt that began first is
 * over, is told once why, unless an error was told before.
 */
export class FirstReady {
  readonly promise: Promise<void>;
  private readonly settle: { readonly resolve: () => void; readonly reject: (error: ParlanceError) => void };
  private readonly cancelNotice: () => void;
  private isTold = false;
  private lastLoss: ParlanceError | undefined;

  constructor(clock: Clock, { url, timeoutMs }: FirstReadyTerms, tell: (error: ParlanceError) => void) {
    const { promise, resolve, reject } = deferred<void>();
    this.promise = promise;
    this.settle = { resolve, reject };
    this.cancelNotice = clock.after(timeoutMs + 1_000, () => {
      if (!this.isTold) tell(this.reason(url, timeoutMs));
    });
  }

  /** An attempt has failed. */
  lost(error: ParlanceError): void {
    this.lastLoss = error;
  }

  /** An error was told by others. */
  told(): void {
    this.isTold = true;
  }

  resolve(): void {
    this.cancelNotice();
    this.settle.resolve();
  }

  reject(error: ParlanceError): void {
    this.cancelNotice();
    this.settle.reject(error);
  }

  /** What a gateway has said itself is told as it is. */
  private reason(url: string, timeoutMs: number): ParlanceError {
    const loss = this.lastLoss;
    if (loss && loss.code !== 'DISCONNECTED') return loss;
    const message = `No gateway answered at ${url} within ${timeoutMs} ms; trying on.`;
    const details = { code: 'DISCONNECTED', message, retryable: true, outcome: 'rejected' } as const;
    return new ParlanceError(details, { cause: loss?.cause });
  }
}

/** Where the gateway should be, and how long it may take, milliseconds. */
export interface FirstReadyTerms {
  readonly url: string;
  readonly timeoutMs: number;
}
