/** `30`, `30s` and `2m` in seconds; NaN for anything else. */
export function secondsOf(text: string): number {
  const [, number, unit] = /^([\d.]+)(s|m)?$/.exec(text) ?? [];
  return Number(number) * (unit === 'm' ? 60 : 1);
}
