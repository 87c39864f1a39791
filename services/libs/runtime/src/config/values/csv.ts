import { z } from 'zod';

/** Schema of a comma-separated list: items are trimmed, empty items dropped. Add `.default([...])`. */
export function csv() {
  return z
    .string()
    .meta({ title: 'comma-separated list' })
    .transform((text): readonly string[] =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    );
}
