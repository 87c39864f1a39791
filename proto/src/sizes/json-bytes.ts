/** Holds all that JSON.stringify escapes: quotes, backslashes, control characters, halves of surrogate pairs. */
const escaped = /["\\\p{Cc}\p{Cs}]/u;

/** A number with an exponent, or something in a text that looks like one. */
const exponent = /[[:,]\s*-?\d+(?:\.\d+)?[eE]/;

/** Bytes of a text as a JSON string, its quotes included: what `JSON.stringify` makes of it, in UTF-8. Pure. */
export function jsonTextBytes(text: string): number {
  const bytes = Buffer.byteLength(text) + 2;
  return escaped.test(text) ? bytes + escapeBytes(text) : bytes;
}

/**
 * Bytes of a value that is given as JSON text and leaves as JSON again. They differ only where a number is written with an
 * exponent, which may come out longer. Pure; throws on a text that is no JSON and holds such a number.
 */
export function reparsedJsonBytes(json: string): number {
  return Buffer.byteLength(exponent.test(json) ? JSON.stringify(JSON.parse(json)) : json);
}

const short: ReadonlySet<string> = new Set('"\\\b\t\n\f\r');

/** Bytes that escaping adds. */
function escapeBytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    if (short.has(character)) bytes += 1;
    else if (character < ' ') bytes += 5;
    else if (character.length === 1 && character >= '\ud800' && character <= '\udfff') bytes += 3;
  }
  return bytes;
}
