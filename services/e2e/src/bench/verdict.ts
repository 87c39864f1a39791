/** What is asked of a figure. */
export type Limit = { readonly atMost: number } | { readonly atLeast: number };

/** How a figure does beside its limit. A miss is told, not thrown: a bench reports. */
export function verdict(value: number, limit: Limit): 'pass' | 'MISS' {
  const passes = 'atMost' in limit ? value <= limit.atMost : value >= limit.atLeast;
  return passes ? 'pass' : 'MISS';
}
