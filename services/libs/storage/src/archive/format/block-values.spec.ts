import fc from 'fast-check';
import { expect, it } from 'vitest';
import { putValues, type TakenValues, takeValues } from './block-values.js';

const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';
const hash = 'AbCdEfGhIjKlMnOpQrStUv';

it('takes a UUID in 16 bytes and a hash in 17, and leaves two bytes in place of each field', () => {
  const { lines, values } = taken(lineOf(uuid, hash));
  expect(lines.toString('latin1')).toBe('{"a":1\xffu\xffh,"content":"hi"}\n');
  expect(values.toString('hex')).toBe(
    `${uuid.replaceAll('-', '')}${Buffer.from(`${hash}AA`, 'base64url').toString('hex').slice(0, 34)}`,
  );
});

it.each([
  ['32 digits without dashes', uuid.replaceAll('-', ''), hash, 33],
  ['a UUID in upper case', uuid.toUpperCase(), hash, 17],
  ['a UUID with one letter in upper case', uuid.replace('b', 'B'), hash, 17],
  ['a digit too few', uuid.slice(1), hash, 17],
  ['a digit too many', `${uuid}0`, hash, 17],
  ['dashes in other places', '01890a5da-c96-774b-bcce-b302099a8057', hash, 17],
  ['no digit of sixteen', uuid.replace('0', 'g'), hash, 17],
  ['an id of another form', 'client-7', hash, 17],
  ['an empty id', '', hash, 17],
  ['an escape that looks like the end of a value', `${uuid.slice(0, 35)}"`, hash, 17],
  ['a hash with other letters of base64', uuid, hash.replace('A', '+'), 16],
  ['a hash of 21 digits', uuid, hash.slice(1), 16],
  ['a hash of 23 digits', uuid, `${hash}A`, 16],
  ['a hash with its padding', uuid, `${hash}==`, 16],
  ['the mark of an erasure', uuid, `#${hash}`, 16],
  ['neither', 'client-7', 'none', 0],
])('gives back %s', (_what, id, body, bytes) => {
  const line = lineOf(id, body);
  const both = `${line}${lineOf(uuid, hash)}`;
  expect(taken(line).values).toHaveLength(bytes);
  expect(roundTrip(line)).toBe(line);
  expect(roundTrip(both)).toBe(both);
});

it('takes a hash without an id before it, and the fields of documents within', () => {
  const alone = `{"a":1,"bodyHash":"${hash}"}\n`;
  expect([taken(alone).values.length, roundTrip(alone)]).toEqual([17, alone]);
  const within = `{"metadata":{"a":1,"clientMessageId":"${uuid}","bodyHash":"${hash}"}}\n`;
  expect([taken(within).values.length, roundTrip(within)]).toEqual([33, within]);
});

it('gives back any lines to the letter', () => {
  const name = fc.constantFrom(',"clientMessageId":"', ',"bodyHash":"', '","', '"');
  const value = fc.oneof(fc.constantFrom(uuid, uuid.replaceAll('-', ''), hash), digits(32), digits(36), digits(22));
  const pieces = fc.array(fc.oneof(name, value, fc.string({ unit: 'grapheme', maxLength: 40 })), { maxLength: 30 });
  fc.assert(
    fc.property(pieces, (texts) => {
      const text = texts.join('');
      expect(roundTrip(text)).toBe(Buffer.from(text).toString());
    }),
    { numRuns: 2_000 },
  );
});

it('gives back a block of more values than it has room for at first', () => {
  const lines = lineOf(uuid, hash).repeat(2_000);
  expect(taken(lines).values).toHaveLength(2_000 * 33);
  expect(roundTrip(lines)).toBe(lines);
});

it('refuses values and lines that do not belong together', () => {
  const line = lineOf(uuid, hash);
  const { lines, values } = taken(line);
  const refusal = (other: Partial<TakenValues>, rawLength = line.length): unknown => {
    try {
      return putValues({ lines, values, ...other }, rawLength);
    } catch (thrown) {
      return String(thrown);
    }
  };
  expect(refusal({ values: values.subarray(1) })).toContain('fewer values than marks');
  expect(refusal({ values: Buffer.concat([values, values]) })).toContain('more values than marks');
  expect(refusal({ values: Buffer.concat([values.subarray(0, -1), Buffer.from([1])]) })).toContain(
    'more than 22 digits',
  );
  expect(refusal({ lines: lines.subarray(0, -1) })).toContain('bytes in place of');
  for (let length = 0; length < line.length; length++)
    expect(refusal({}, length)).toContain(`more than ${length} bytes`);
  expect(refusal({}, line.length + 1)).toContain('bytes in place of');
  expect(refusal({ lines: Buffer.from('a\xffz', 'latin1') })).toContain('no known form');
  expect(refusal({ lines: Buffer.from('a\xff', 'latin1') })).toContain('no known form');
});

function lineOf(id: string, bodyHash: string): string {
  return `{"a":1,"clientMessageId":${JSON.stringify(id)},"bodyHash":${JSON.stringify(bodyHash)},"content":"hi"}\n`;
}

function taken(text: string): TakenValues {
  return takeValues(Buffer.from(text));
}

function roundTrip(text: string): string {
  return putValues(taken(text), Buffer.byteLength(text)).toString();
}

/** Texts of about so many characters, most of them digits of one kind or another. */
function digits(length: number): fc.Arbitrary<string> {
  const unit = fc.constantFrom(...Array.from('0123456789abcdefF-_+/AZz'));
  return fc.string({ unit, minLength: length - 1, maxLength: length + 1 });
}
