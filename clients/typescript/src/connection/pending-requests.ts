import type { Ack, AckSuccess } from '@parlance/proto';
import { ParlanceError } from '../parlance-error.js';
import type { Clock } from '../time/clock.js';

/** Requests that have no answer yet. Each ends exactly once: with its answer, after a time, or with its connection. */
export class PendingRequests {
  private readonly open = new Set<(error: ParlanceError) => void>();

  constructor(
    private readonly clock: Clock,
    private readonly timeoutMs: number,
  ) {}

  /** How many there are. */
  get size(): number {
    return this.open.size;
  }

  /** Sends one and resolves with its answer. Rejects with a ParlanceError. */
  add(send: (answer: (ack: Ack<unknown>) => void) => void): Promise<AckSuccess<unknown>> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        cancel();
        this.open.delete(fail);
      };
      const fail = (error: ParlanceError): void => {
        end();
        reject(error);
      };
      const cancel = this.clock.after(this.timeoutMs, () => fail(noAnswer(this.timeoutMs)));
      this.open.add(fail);
      send((ack) => {
        if (!this.open.has(fail)) return;
        if (!ack.success) return fail(ParlanceError.fromServer(ack.error));
        end();
        resolve(ack);
      });
    });
  }

  /** The connection is gone, by this cause: nobody knows what became of those without an answer. */
  loseAll(cause?: unknown): void {
    for (const fail of this.open) fail(ParlanceError.disconnected('unknown', cause));
  }
}

function noAnswer(timeoutMs: number): ParlanceError {
  const message = `No answer came within ${timeoutMs} ms.`;
  return new ParlanceError({ code: 'DEADLINE_EXCEEDED', message, retryable: true, outcome: 'unknown' });
}
