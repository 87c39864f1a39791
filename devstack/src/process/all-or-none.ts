/** Waits for all starts. If one fails, the ones that succeeded are stopped again and its error is thrown. */
export async function allOrNone<const T extends readonly Promise<Stoppable>[]>(
  starts: T,
): Promise<{ readonly [K in keyof T]: Awaited<T[K]> }> {
  const results = await Promise.allSettled(starts);
  const started = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure === undefined) return started as { [K in keyof T]: Awaited<T[K]> };
  await Promise.all(started.map((one) => one.stop()));
  throw failure.reason;
}

/** Anything that runs and can be stopped. */
export interface Stoppable {
  stop(): Promise<unknown>;
}
