import type { Logger } from 'pino';

/**
 * Warnings that may come in floods: of each key one a second is written, with the number of those that were left out since the
 * last (`moreSinceLastLine`).
 */
export class SparseWarnings {
  private readonly last = new Map<string, { at: number; leftOut: number }>();

  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    /** Milliseconds since some moment, which only rise. */
    private readonly elapsedMs: () => number,
  ) {}

  /** `key` is from a fixed list, such as an error code. */
  warn(key: string, fields: object, text: string): void {
    const now = this.elapsedMs();
    const last = this.last.get(key);
    if (last !== undefined && now - last.at < 1_000) {
      last.leftOut += 1;
      return;
    }
    this.last.set(key, { at: now, leftOut: 0 });
    this.logger.warn(
      last === undefined || last.leftOut === 0 ? fields : { ...fields, moreSinceLastLine: last.leftOut },
      text,
    );
  }
}
