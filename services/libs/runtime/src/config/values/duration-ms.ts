import { z } from 'zod';

/** Schema of a duration in whole milliseconds, from `minMs` (default 1) to `maxMs` (default one day). */
export function durationMs(minMs = 1, maxMs = 86_400_000) {
  return z.coerce
    .number()
    .int()
    .min(minMs)
    .max(maxMs)
    .meta({ title: `milliseconds ${minMs}..${maxMs}` });
}
