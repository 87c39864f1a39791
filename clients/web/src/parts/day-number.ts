/** Number of the local day that a time (Unix milliseconds) falls on. Two days in a row differ by one, whatever the clocks do. */
export function dayNumber(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
}
