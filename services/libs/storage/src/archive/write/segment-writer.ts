import { createHash } from 'node:crypto';
import type { SlotDocument } from '../../documents/message-document.js';
import { partHash, sha256Hex } from '../format/archive-hash.js';
import { beforeFrame } from '../format/block-parts.js';
import { takeValues } from '../format/block-values.js';
import { encodeRows, endOf, type IndexRow, rowsOfLeaf } from '../format/index-row.js';
import type { SegmentEntry } from '../format/manifest.js';
import type { PartCodec, PartKind } from '../format/part-codec.js';
import { encodeTrailer } from '../format/segment-trailer.js';
import { canonicalLine } from '../records/canonical-line.js';
import type { SlotPosition } from '../records/slot-order.js';
import type { ArchiveUpload } from '../store/archive-store.js';
import type { BlockCompressor } from './block-compressor.js';
import { BlockLines } from './block-lines.js';
import { ContentTally } from './segment-content.js';

/** A block ends with the record that brings it to one of these: bytes of lines, or records. */
export interface BlockLimits {
  /** Default 64 KiB. */
  readonly bytes: number;
  /** Default 200. */
  readonly records: number;
}

/** Blocks that hold a page of 50 in two at the most, and cost little more space than one frame for all. */
const blockLimits: BlockLimits = { bytes: 64 * 1024, records: 200 };

/**
 * Writes one segment: header, blocks, leaves of the index, its root, trailer. Memory: two blocks, and a row for each block of
 * the segment.
 */
export class SegmentWriter {
  private readonly tally = new ContentTally();
  private readonly hash = createHash('sha256');
  private readonly rows: IndexRow[] = [];
  private offset = 0;
  private readonly lines: BlockLines;
  /** The block that is being written while the next one fills. */
  private writing: Promise<void> = Promise.resolve();
  private span: { readonly first: SlotPosition; last: SlotPosition } | undefined;

  constructor(
    private readonly upload: ArchiveUpload,
    private readonly header: Buffer,
    private readonly codec: PartCodec,
    private readonly compressor: BlockCompressor,
    private readonly limits: BlockLimits = blockLimits,
  ) {
    this.lines = new BlockLines(Math.min(2 * limits.bytes, 2 * blockLimits.bytes));
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.offset;
  }

  /**
   * Takes the next record; answers a promise when a block has to be written for it.
   * @throws ArchiveFault `misused` when it is out of order; those of the store.
   */
  add(slot: SlotDocument): Promise<void> | undefined {
    const position = this.tally.add(slot);
    this.lines.add(canonicalLine(slot));
    if (this.span) this.span.last = position;
    else this.span = { first: position, last: position };
    const isFull = this.lines.bytes >= this.limits.bytes || this.lines.records >= this.limits.records;
    return isFull ? this.endBlock() : undefined;
  }

  /**
   * Ends the segment.
   * @throws ArchiveFault `misused` when it has no record, `exists` when its key is taken; those of the store.
   */
  async end(): Promise<Omit<SegmentEntry, 'key' | 'encryption'>> {
    await this.endBlock();
    await this.writing;
    const content = this.tally.end();
    const leaves: IndexRow[] = [];
    for (let from = 0; from < this.rows.length; from += rowsOfLeaf) {
      const rows = this.rows.slice(from, from + rowsOfLeaf);
      leaves.push({ ...(await this.write('leaf', encodeRows(rows))), ...spanOf(rows) });
    }
    const rootRows = encodeRows(leaves);
    const stored = this.codec.pack('root', rootRows, this.offset);
    const root = { offset: this.offset, length: stored.length };
    const rootHash = sha256Hex(stored);
    await this.append(stored);
    const trailer = { root, rootHash, blocks: this.rows.length, records: content.records };
    await this.append(encodeTrailer(trailer, this.header));
    const sha256 = this.hash.digest('hex');
    await this.upload.finish();
    return { bytes: this.offset, sha256, ...content, root: { ...root, rawLength: rootRows.length, sha256: rootHash } };
  }

  /** Begins to write the block that is full, after the one before is written. */
  private async endBlock(): Promise<void> {
    const span = this.span;
    if (!span) return;
    const { records } = this.lines;
    const raw = this.lines.take();
    this.tally.hash(raw);
    this.span = undefined;
    await this.writing;
    this.writing = this.writeBlock(raw, { ...span, records });
    // Whoever awaits it next is told; until then it must not count as unhandled.
    this.writing.catch(() => undefined);
  }

  private async writeBlock(raw: Buffer, span: Pick<IndexRow, 'first' | 'last' | 'records'>): Promise<void> {
    if (this.offset === 0) await this.append(this.header);
    const offset = this.offset;
    const rawLength = raw.length;
    const taken = takeValues(raw);
    const block = await this.compressor.compress(taken.lines, beforeFrame(taken));
    const stored = this.codec.seal('block', block, offset);
    this.rows.push({ offset, length: stored.length, rawLength, hash: partHash(stored), ...span });
    await this.append(stored);
  }

  private async write(
    kind: Exclude<PartKind, 'block'>,
    raw: Buffer,
  ): Promise<Omit<IndexRow, 'first' | 'last' | 'records'>> {
    const stored = this.codec.pack(kind, raw, this.offset);
    const offset = this.offset;
    await this.append(stored);
    return { offset, length: stored.length, rawLength: raw.length, hash: partHash(stored) };
  }

  private async append(bytes: Buffer): Promise<void> {
    this.hash.update(bytes);
    this.offset = endOf({ offset: this.offset, length: bytes.length });
    await this.upload.write(bytes);
  }
}

function spanOf(rows: readonly IndexRow[]): Pick<IndexRow, 'first' | 'last' | 'records'> {
  const first = rows[0]?.first;
  const last = rows.at(-1)?.last;
  if (!first || !last) throw new Error('a leaf without rows');
  return { first, last, records: rows.reduce((sum, row) => sum + row.records, 0) };
}
