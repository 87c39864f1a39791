/**
 * Says why a value could not come out of JSON unchanged, or undefined when it could: binary data, numbers that JSON
 * does not know, nesting deeper than `maxDepth`. Never recurses deeper than that. Pure.
 */
export function plainJsonFault(value: unknown, maxDepth: number): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'holds a number out of range';
  if (typeof value !== 'object') return 'holds something that is not JSON';
  if (maxDepth === 0) return 'is nested too deep';
  if (Array.isArray(value)) return firstFault(value, maxDepth);
  if (!isPlainObject(value)) return 'holds binary data';
  return firstFault(Object.values(value), maxDepth);
}

/** True for what `{}` in JSON becomes: not for arrays, buffers or null. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function firstFault(values: readonly unknown[], maxDepth: number): string | undefined {
  for (const value of values) {
    const fault = plainJsonFault(value, maxDepth - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
