/** How far something is: in words, or in numbers that a rate can be told from. */
export type ProgressState = string | Amount;

/** An amount that grows. */
export interface Amount {
  readonly done: number;
  /** Absent where nobody knows it before the end. */
  readonly total?: number;
  /** Of what: `rooms`. */
  readonly unit: string;
}

/** A state as numbers, for logs. */
export interface ProgressFigures {
  readonly seconds: number;
  readonly state?: string;
  readonly done?: number;
  readonly total?: number;
  readonly unit?: string;
  readonly percent?: number;
  readonly perSecond?: number;
  readonly secondsLeft?: number;
}

/** The numbers of a state `elapsedMs` after the first one, which had `doneAtFirst` of it behind it already. Pure. */
export function progressFigures(state: ProgressState, elapsedMs: number, doneAtFirst = 0): ProgressFigures {
  const seconds = Math.round(elapsedMs / 1_000);
  if (typeof state === 'string') return state === '' ? { seconds } : { seconds, state };
  const { done, total, unit } = state;
  const perMs = elapsedMs > 0 ? (done - doneAtFirst) / elapsedMs : 0;
  const perSecond = Math.round(perMs * 1_000);
  if (total === undefined) return { seconds, done, unit, perSecond };
  const percent = total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 100;
  if (perMs <= 0) return { seconds, done, total, unit, percent, perSecond };
  return { seconds, done, total, unit, percent, perSecond, secondsLeft: Math.ceil((total - done) / perMs / 1_000) };
}

/** The same for people: `sealing: 1,200 of 5,000 rooms, 24 %, 300/s, 4 s, 13 s left`. Pure. */
export function renderProgress(what: string, figures: ProgressFigures): string {
  const { seconds, state, done, total, unit, percent, perSecond, secondsLeft } = figures;
  const parts = [
    state,
    done === undefined ? undefined : `${number(done)}${total === undefined ? '' : ` of ${number(total)}`} ${unit}`,
    percent === undefined ? undefined : `${percent} %`,
    perSecond === undefined || perSecond === 0 ? undefined : `${number(perSecond)}/s`,
    `${seconds} s`,
    secondsLeft === undefined ? undefined : `${number(secondsLeft)} s left`,
  ];
  return `${what}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
