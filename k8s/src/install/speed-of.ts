/** How long something took beside what it should take at most, for people: a slow machine breaks no promise. Milliseconds. */
export function speedOf(what: string, tookMs: number, limitMs: number): string {
  return `${what}: ${written(tookMs)}, limit ${written(limitMs)}, ${tookMs <= limitMs ? 'met' : 'MISSED'}`;
}

function written(ms: number): string {
  return ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(0)} s`;
}
