const mark = 0xff;
const quote = 0x22;
const idName = Buffer.from(',"clientMessageId":"');
const hashName = Buffer.from(',"bodyHash":"');
const uuid: ValueForm = { letter: 0x75, name: idName, characters: 36, bytes: 16, put: (...at) => putHex(...at, true) };
const hex: ValueForm = { letter: 0x78, name: idName, characters: 32, bytes: 16, put: (...at) => putHex(...at, false) };
const bodyHash: ValueForm = { letter: 0x68, name: hashName, characters: 22, bytes: 17, put: putBase64 };
const forms = [uuid, bodyHash, hex];

/** Lines of a block as they are compressed, and what was taken out of them. */
export interface TakenValues {
  /** The lines with a mark of two bytes in place of each value. */
  readonly lines: Buffer;
  /** The values in the order of their marks, 16 or 17 bytes each. */
  readonly values: Buffer;
}

/**
 * Takes hashes of bodies, and the ids of clients before them, out of lines: they are random, so no compressor makes them shorter
 * than their bits, and as text they spoil the code that zstd makes for the other letters. A field is taken with its name where its
 * value is 22 digits of base64url; where it is a UUID in lower case or 32 hexadecimal digits in lower case. Any other stays.
 *
 * The marks begin with a byte that UTF-8 never has. It works in place: the lines are the beginning of `raw` afterwards.
 */
export function takeValues(raw: Buffer): TakenValues {
  let values = Buffer.allocUnsafe(8 * 1024);
  let valuesEnd = 0;
  let kept = 0;
  let from = 0;
  for (let at = raw.indexOf(hashName); at >= 0; at = raw.indexOf(hashName, at + hashName.length)) {
    if (valuesEnd + uuid.bytes + bodyHash.bytes > values.length) values = Buffer.concat([values, values]);
    const id = takeId(raw, at, values, valuesEnd);
    if (id) valuesEnd += id.bytes;
    const hash = takeHash(raw, at + hashName.length, values, valuesEnd);
    if (hash) valuesEnd += hash.bytes;
    if (!id && !hash) continue;
    const to = id ? at - lengthOf(id) : at;
    raw.copyWithin(kept, from, to);
    kept += to - from;
    for (const form of [id, hash]) {
      if (!form) continue;
      raw[kept++] = mark;
      raw[kept++] = form.letter;
    }
    from = hash ? at + lengthOf(hash) : at;
  }
  raw.copyWithin(kept, from);
  return { lines: raw.subarray(0, kept + raw.length - from), values: values.subarray(0, valuesEnd) };
}

/** The lines that `takeValues` was given. Throws an error when these are not of `rawLength` bytes, or the values not those of the marks. */
export function putValues({ lines, values }: TakenValues, rawLength: number): Buffer {
  const raw = Buffer.allocUnsafeSlow(rawLength);
  let end = 0;
  let from = 0;
  let valuesFrom = 0;
  const copy = (to: number): void => {
    if (end + to - from > rawLength) throw new Error(`more than ${rawLength} bytes`);
    end += lines.copy(raw, end, from, to);
  };
  for (let at = lines.indexOf(mark); at >= 0; at = lines.indexOf(mark, from)) {
    copy(at);
    const form = forms.find(({ letter }) => letter === lines[at + 1]);
    if (!form) throw new Error('a mark of no known form');
    const { name, characters, bytes } = form;
    if (valuesFrom + bytes > values.length) throw new Error('fewer values than marks');
    if (end + lengthOf(form) > rawLength) throw new Error(`more than ${rawLength} bytes`);
    end += name.copy(raw, end);
    form.put(values, valuesFrom, raw, end);
    end += characters;
    raw[end++] = quote;
    valuesFrom += bytes;
    from = at + 2;
  }
  copy(lines.length);
  if (end !== rawLength) throw new Error(`${end} bytes in place of ${rawLength}`);
  if (valuesFrom !== values.length) throw new Error('more values than marks');
  return raw;
}

/** A form of values that are taken. */
interface ValueForm {
  readonly letter: number;
  /** What stands before the value. */
  readonly name: Buffer;
  /** Of the value as text, without the quote behind it. */
  readonly characters: number;
  readonly bytes: number;
  put(values: Buffer, from: number, raw: Buffer, to: number): void;
}
const dash = 0x2d;
const hexDigits = Buffer.from('0123456789abcdef');
const base64Digits = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
/** What no digit is worth. */
const none = 0xff;
const hexValues = valuesOf(hexDigits);
const base64Values = valuesOf(base64Digits);

/** Bytes of a field in a line. */
function lengthOf({ name, characters }: ValueForm): number {
  return name.length + characters + 1;
}

/** Takes the id whose field ends at `end`. */
function takeId(raw: Buffer, end: number, values: Buffer, to: number): ValueForm | undefined {
  if (raw[end - 1] !== quote) return undefined;
  const form = raw[end - 14] === dash ? uuid : hex;
  const start = end - form.characters - 1;
  if (!endsName(raw, start)) return undefined;
  let at = start;
  let worst = 0;
  for (let index = 0; index < 16; index++) {
    if (form === uuid && isBehindDash(index) && raw[at++] !== dash) return undefined;
    const high = hexValues[raw[at++] ?? 0] ?? none;
    const low = hexValues[raw[at++] ?? 0] ?? none;
    worst |= high | low;
    values[to + index] = (high << 4) | low;
  }
  return worst < 16 ? form : undefined;
}

/** Whether the name of ids ends at `end`. */
function endsName(raw: Buffer, end: number): boolean {
  const start = end - idName.length;
  if (start < 0) return false;
  for (let index = 0; index < idName.length; index++) if (raw[start + index] !== idName[index]) return false;
  return true;
}

function putHex(values: Buffer, from: number, raw: Buffer, to: number, hasDashes: boolean): void {
  let at = to;
  for (let index = 0; index < 16; index++) {
    if (hasDashes && isBehindDash(index)) raw[at++] = dash;
    const byte = values[from + index] ?? 0;
    raw[at++] = hexDigits[byte >> 4] ?? 0;
    raw[at++] = hexDigits[byte & 15] ?? 0;
  }
}

/** Whether a dash stands before this byte of a UUID. */
function isBehindDash(index: number): boolean {
  return index === 4 || index === 6 || index === 8 || index === 10;
}

/** 22 digits are 132 bits; the half byte that is left of the 17th is zero. */
function takeHash(raw: Buffer, start: number, values: Buffer, to: number): ValueForm | undefined {
  if (raw[start + 22] !== quote) return undefined;
  let at = to;
  let bits = 0;
  let held = 0;
  for (let index = 0; index < 22; index++) {
    const digit = base64Values[raw[start + index] ?? 0] ?? none;
    if (digit === none) return undefined;
    held = ((held << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    values[at++] = held >> bits;
  }
  values[at] = held << 4;
  return bodyHash;
}

function putBase64(values: Buffer, from: number, raw: Buffer, to: number): void {
  let at = from;
  let bits = 0;
  let held = 0;
  for (let index = 0; index < 22; index++) {
    if (bits < 6) {
      held = ((held << 8) | (values[at++] ?? 0)) & 0xffff;
      bits += 8;
    }
    bits -= 6;
    raw[to + index] = base64Digits[(held >> bits) & 63] ?? 0;
  }
  if ((held & 15) !== 0) throw new Error('a hash of more than 22 digits');
}

/** What each byte is worth as a digit. */
function valuesOf(digits: Buffer): Uint8Array {
  const worth = new Uint8Array(256).fill(none);
  for (const [value, digit] of digits.entries()) worth[digit] = value;
  return worth;
}
