/**
 * Runs `work` so that whatever becomes of it the caller goes on: rejects when it rejects, when it has not ended after `limitMs`, and
 * also when something in this process fails meanwhile that nobody waits for, which would end the process otherwise.
 */
export async function guarded<Result>(work: () => Promise<Result>, limitMs: number): Promise<Result> {
  const stray = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => stray.reject(new Error(`it has not ended after ${Math.round(limitMs / 1_000)} s`)),
    limitMs,
  );
  process.on('uncaughtException', stray.reject).on('unhandledRejection', stray.reject);
  try {
    return await Promise.race([work(), stray.promise]);
  } finally {
    clearTimeout(timer);
    process.off('uncaughtException', stray.reject).off('unhandledRejection', stray.reject);
  }
}
