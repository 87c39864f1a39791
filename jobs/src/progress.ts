/** Tells whoever waits how far something is, every two seconds, and nothing of what takes less. */
export class Progress {
  constructor(
    private readonly write: (text: string) => void,
    private readonly everyMs = 2_000,
  ) {}

  /** Runs something that may take long. It says where it stands through `report`. */
  async during<Result>(what: string, work: (report: (state: string) => void) => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    let state = '';
    const timer = setInterval(() => {
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      this.write(`${what}: ${state === '' ? '' : `${state}, `}${seconds} s\n`);
    }, this.everyMs);
    try {
      return await work((now) => {
        state = now;
      });
    } finally {
      clearInterval(timer);
    }
  }
}
