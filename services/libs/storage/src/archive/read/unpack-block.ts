import { ArchiveFault } from '../archive-fault.js';
import { splitBlock } from '../format/block-parts.js';
import { putValues } from '../format/block-values.js';
import type { IndexRow } from '../format/index-row.js';
import type { PartCodec } from '../format/part-codec.js';
import { checkBlock } from './decoded-block.js';

/** Unpacks the frame of a block to so many bytes; whatever it throws means that it could not. */
export type Decompress = (frame: Buffer, rawLength: number) => Buffer | Promise<Buffer>;

/**
 * The lines of a block, compared with the hash of its row before.
 * @throws ArchiveFault `damaged`.
 */
export async function unpackBlock(
  { key }: { readonly key: string },
  row: IndexRow,
  stored: Buffer,
  codec: PartCodec,
  decompress: Decompress,
): Promise<Buffer> {
  checkBlock({ key }, row, stored);
  const block = codec.open('block', stored, row.offset, key);
  try {
    const { values, linesLength, frame } = splitBlock(block, row.rawLength);
    return putValues({ lines: await decompress(frame, linesLength), values }, row.rawLength);
  } catch (cause) {
    throw new ArchiveFault('damaged', `${key}: the block at ${row.offset} cannot be unpacked`, { cause });
  }
}
