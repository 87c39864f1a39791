import { zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { sampleMonth, sampleRoom } from '../../../test/fixtures/sample-month.js';
import { ArchiveFault } from '../archive-fault.js';
import { partHash } from '../format/archive-hash.js';
import { ArchiveKeys } from '../format/archive-keys.js';
import { beforeFrame } from '../format/block-parts.js';
import { takeValues } from '../format/block-values.js';
import type { IndexRow } from '../format/index-row.js';
import { PartCodec } from '../format/part-codec.js';
import { canonicalLine } from '../records/canonical-line.js';
import { unpackBlock } from './unpack-block.js';

const header = {
  kind: 'segment',
  month: sampleMonth,
  salt: Buffer.alloc(32),
  dictionary: undefined,
  keyId: undefined,
} as const;
const codec = new PartCodec(header, new ArchiveKeys());
const raw = Buffer.from(
  sampleRoom('alpha', 6)
    .map((slot) => `${canonicalLine(slot)}\n`)
    .join(''),
);
const taken = takeValues(Buffer.from(raw));
const block = Buffer.concat([...beforeFrame(taken), zstdCompressSync(taken.lines)]);
const frameAt = 8 + taken.values.length;

it('gives the lines of a block', async () => {
  expect(taken.values.length).toBeGreaterThan(6 * 17);
  expect(await unpacked(block)).toEqual(raw);
});

it('names a block as damaged whose hash does not fit, before it looks at it', async () => {
  const row = { ...rowOf(block), hash: partHash(raw) };
  await expect(unpackBlock({ key: 'k' }, row, block, codec, neverAsked)).rejects.toMatchObject({ trouble: 'damaged' });
});

it('names each block that ends too early as damaged, though its hash fits', async () => {
  for (let length = 0; length < block.length; length++) {
    expect([length, await troubleOf(block.subarray(0, length))]).toEqual([length, 'damaged']);
  }
});

it('names each block with other lengths as damaged, though its hash fits', async () => {
  for (let bit = 0; bit < 64; bit++) {
    const other = Buffer.from(block);
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect([bit, await troubleOf(other)]).toEqual([bit, 'damaged']);
  }
});

it('names a block with a value too many or too few as damaged, though its hash fits', async () => {
  const [frame, { lines, values }] = [block.subarray(frameAt), taken];
  for (const other of [values.subarray(16), values.subarray(0, -17), Buffer.concat([values, Buffer.alloc(16)])]) {
    const stored = Buffer.concat([...beforeFrame({ lines, values: other }), frame]);
    expect(await troubleOf(stored)).toBe('damaged');
  }
});

function unpacked(stored: Buffer): Promise<Buffer> {
  const decompress = (frame: Buffer, length: number): Buffer => codec.decompress('block', frame, length);
  return unpackBlock({ key: 'k' }, rowOf(stored), stored, codec, decompress);
}

/** What is the matter with a block; undefined when it gives lines. */
async function troubleOf(stored: Buffer): Promise<string | undefined> {
  try {
    await unpacked(stored);
    return undefined;
  } catch (thrown) {
    return thrown instanceof ArchiveFault ? thrown.trouble : String(thrown);
  }
}

function neverAsked(): never {
  throw new Error('asked for');
}

function rowOf(stored: Buffer): IndexRow {
  const at = { roomId: 'alpha', messageId: 1 };
  const sizes = { length: stored.length, records: 7, rawLength: raw.length, hash: partHash(stored) };
  return { first: at, last: { ...at, messageId: 7 }, offset: 128, ...sizes };
}
