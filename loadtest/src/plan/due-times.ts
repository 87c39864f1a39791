/**
 * When one of `of` who take turns has its turns: milliseconds from the start. Together they have `ratePerSecond` a second for so many
 * seconds, and at least one. A schedule is kept whatever becomes of earlier turns (open loop).
 */
export function dueTimes({ ratePerSecond, seconds, of, index }: Turns): number[] {
  const turns = Math.max(1, Math.floor(ratePerSecond * seconds));
  const times: number[] = [];
  for (let turn = index; turn < turns; turn += of) times.push((turn * 1_000) / ratePerSecond);
  return times;
}

/** See {@link dueTimes}. */
export interface Turns {
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly of: number;
  /** From 0. */
  readonly index: number;
}
