import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonTextBytes, reparsedJsonBytes } from './json-bytes.js';

/** A character of Unicode. `unit: 'binary'` means the same, and makes a table of a million of them first. */
const character = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', '\\', '\n', '\u0000', '\u001f', '\ud83d', '\ude00', '漢', 'é', 'a'),
    fc.string({ unit: 'grapheme-ascii', maxLength: 1 }),
    character,
  ),
});

it('knows the bytes of a text as JSON', () => {
  fc.assert(
    fc.property(text, (each) => {
      expect(jsonTextBytes(each)).toBe(Buffer.byteLength(JSON.stringify(each)));
    }),
  );
});

it('is never below what a JSON text becomes when it was read and is written again', () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.constantFrom('1e20', '1E+3', '-0', '1.0e-7', '0.0000001', '100000000000000000000000'),
  );
  const json = fc.oneof(
    fc.array(number).map((all) => `{"a":[${all.join(' , ')}],"1e5":"x:1e9"}`),
    fc.jsonValue().map((value) => JSON.stringify(value, undefined, 1)),
  );
  fc.assert(
    fc.property(json, (each) => {
      expect(reparsedJsonBytes(each)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(JSON.parse(each))));
    }),
  );
});
