import { randomFillSync } from 'node:crypto';

const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const zeroTrace = '0'.repeat(32);
const zeroSpan = '0'.repeat(16);

/**
 * Makes the text of a new W3C `traceparent` (https://www.w3.org/TR/trace-context/): version 00, random trace and span
 * ids that are never all zero, `sampled` default false.
 */
export function newTraceparent(sampled = false): string {
  const hex = randomHex(24);
  const [traceId, spanId] = [hex.slice(0, 32), hex.slice(32)];
  if (traceId === zeroTrace || spanId === zeroSpan) return newTraceparent(sampled);
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/**
 * Reads a `traceparent`; undefined for anything that is not exactly one of version 00: wrong length, upper case,
 * all-zero ids. Accepts any value, so that a header can be passed as it came.
 */
export function parseTraceparent(text: unknown): Traceparent | undefined {
  if (typeof text !== 'string' || text.length !== 55) return undefined;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = match;
  if (traceId === zeroTrace || spanId === zeroSpan) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** The parts of a `traceparent`: 32 and 16 lower-case hexadecimal digits. */
export interface Traceparent {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

/** Random bytes are drawn 4 KiB at a time: one call into the system for 170 traceparents. */
const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const hex = pool.toString('hex', used, used + bytes);
  used += bytes;
  return hex;
}
