import { takeValues } from '../format/block-values.js';

/** Of one line no more is taken, so that one long text does not take the place of all others. */
const longestLine = 2_000;

/** zstd reads a dictionary of fewer than eight bytes as none. */
const shortest = 8;

/** Bytes of a month's dictionary, at most. */
const dictionaryBytes = 64 * 1024;

/**
 * A dictionary of sampled lines, as zstd takes it as raw content: as many of them as fit, evenly taken, and as they are
 * compressed, without the values that `takeValues` takes. `undefined` when there is nothing to learn from.
 */
export function buildDictionary(lines: readonly string[]): Buffer | undefined {
  const samples = lines.map((line) => takeValues(Buffer.from(`${line.slice(0, longestLine)}\n`)).lines);
  const whole = Buffer.concat(samples);
  if (whole.length <= dictionaryBytes) return whole.length < shortest ? undefined : whole;
  const step = whole.length / dictionaryBytes;
  const taken: Buffer[] = [];
  for (let at = 0; at < samples.length; at += step) taken.push(samples[Math.floor(at)] ?? Buffer.alloc(0));
  return Buffer.concat(taken).subarray(0, dictionaryBytes);
}
