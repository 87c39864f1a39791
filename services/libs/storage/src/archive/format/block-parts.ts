import type { TakenValues } from './block-values.js';

const lengthsBytes = 8;

/** A block as it lies in a segment: what was taken out of its lines, and a zstd frame of what is left of them. */
export interface BlockParts {
  readonly values: Buffer;
  /** Bytes that the frame unpacks to. */
  readonly linesLength: number;
  readonly frame: Buffer;
}

/** What stands in a block before its frame: both lengths, 4 bytes each and little endian, then the values. */
export function beforeFrame({ lines, values }: TakenValues): readonly Buffer[] {
  const lengths = Buffer.allocUnsafe(lengthsBytes);
  lengths.writeUInt32LE(values.length, 0);
  lengths.writeUInt32LE(lines.length, 4);
  return [lengths, values];
}

/** Reads what stands in a block of `rawLength` bytes of lines. Throws an error when its lengths cannot be. */
export function splitBlock(block: Buffer, rawLength: number): BlockParts {
  if (block.length < lengthsBytes) throw new Error('shorter than its lengths');
  const valuesEnd = lengthsBytes + block.readUInt32LE(0);
  const linesLength = block.readUInt32LE(4);
  if (valuesEnd > block.length) throw new Error('shorter than its values');
  if (linesLength > rawLength) throw new Error(`${linesLength} bytes of lines left of ${rawLength}`);
  return { values: block.subarray(lengthsBytes, valuesEnd), linesLength, frame: block.subarray(valuesEnd) };
}
