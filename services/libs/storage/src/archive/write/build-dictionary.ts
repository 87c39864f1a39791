/** Bytes of a month's dictionary, at most. */
export const dictionaryBytes = 64 * 1024;

/**
 * A dictionary of sampled lines, as zstd takes it as raw content: as many of them as fit, evenly taken. `undefined` when there
 * is nothing to learn from.
 */
export function buildDictionary(lines: readonly string[]): Buffer | undefined {
  const whole = Buffer.from(lines.map((line) => `${line.slice(0, longestLine)}\n`).join(''));
  if (whole.length <= dictionaryBytes) return whole.length < shortest ? undefined : whole;
  const step = whole.length / dictionaryBytes;
  const taken: string[] = [];
  for (let at = 0; at < lines.length; at += step) taken.push((lines[Math.floor(at)] ?? '').slice(0, longestLine));
  return Buffer.from(`${taken.join('\n')}\n`).subarray(0, dictionaryBytes);
}

/** Of one line no more is taken, so that one long text does not take the place of all others. */
const longestLine = 2_000;

/** zstd reads a dictionary of fewer than eight bytes as none. */
const shortest = 8;
