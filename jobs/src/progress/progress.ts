import { createLogger } from '@parlance/runtime';
import { type ProgressFigures, type ProgressState, progressFigures, renderProgress } from './render-progress.js';

/** Tells whoever waits how far something is, every two seconds, and nothing of what takes less. */
export class Progress {
  constructor(
    private readonly show: ProgressView,
    private readonly elapsedMs: () => number,
    private readonly everyMs = 2_000,
  ) {}

  /** Runs something that may take long. It says where it stands through `report`. */
  async during<Result>(
    what: string,
    work: (report: (state: ProgressState) => void) => Promise<Result>,
  ): Promise<Result> {
    const startedAt = this.elapsedMs();
    let state: ProgressState = '';
    let first: number | undefined;
    const timer = setInterval(() => {
      this.show.now(what, progressFigures(state, this.elapsedMs() - startedAt, first));
    }, this.everyMs);
    try {
      return await work((now) => {
        if (typeof now !== 'string') first ??= now.done;
        state = now;
      });
    } finally {
      clearInterval(timer);
      this.show.over();
    }
  }
}

/** Where it is shown. */
export interface ProgressView {
  now(what: string, figures: ProgressFigures): void;
  /** The thing that was shown has ended. */
  over(): void;
}

/** One line that changes in place, for a person at a terminal. */
export function terminalView(out: { write(text: string): unknown; readonly columns?: number }): ProgressView {
  let isDirty = false;
  const clear = (): void => {
    if (isDirty) out.write('\r\u001b[2K');
    isDirty = false;
  };
  return {
    now(what, figures) {
      clear();
      out.write(renderProgress(what, figures).slice(0, (out.columns ?? 80) - 1));
      isDirty = true;
    },
    over: clear,
  };
}

/** A JSON line each time, for logs. */
export function logView(out: { write(text: string): unknown }): ProgressView {
  const logger = createLogger({ name: 'jobs', destination: { write: (text) => void out.write(text) } });
  return {
    now: (what, figures) => logger.info({ what, ...figures }, renderProgress(what, figures)),
    over: () => {},
  };
}
