import { limits } from '../limits.js';
import { textFault } from './text-fault.js';

/**
 * Says why a value could not go through JSON, UTF-8 and a double unchanged, as the end of a sentence that begins with its
 * name; undefined when it could. Faults: binary data, text that is not well-formed, in keys too, numbers beyond 2^53,
 * where neighbours can no longer be told apart, nesting deeper than `maxDepth`. Never recurses deeper than that. Pure.
 */
export function plainJsonFault(value: unknown, maxDepth: number = limits.metadataDepth): string | undefined {
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'string') return textFault(value) && 'holds text that is not well-formed Unicode';
  if (typeof value === 'number') return numberFault(value);
  if (typeof value !== 'object') return 'holds something that is not JSON';
  if (maxDepth === 0) return 'is nested too deep';
  if (Array.isArray(value)) return firstFault(value, maxDepth);
  if (!isPlainObject(value)) return 'holds binary data';
  return firstFault(Object.keys(value), 1) ?? firstFault(Object.values(value), maxDepth);
}

/** True for what `{}` in JSON becomes: not for arrays, buffers or null. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The source text is gone when a number is looked at, so each that may have been rounded to a whole one is at fault. */
function numberFault(value: number): string | undefined {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? undefined : 'holds a number beyond 2^53; send it as text';
}

function firstFault(values: readonly unknown[], maxDepth: number): string | undefined {
  for (const value of values) {
    const fault = plainJsonFault(value, maxDepth - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
