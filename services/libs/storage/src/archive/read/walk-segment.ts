import { createHash } from 'node:crypto';
import { ArchiveFault } from '../archive-fault.js';
import { sha256Hex } from '../format/archive-hash.js';
import { endOf } from '../format/index-row.js';
import type { ArchiveManifest, SegmentEntry } from '../format/manifest.js';
import { decodeHeader, encodeHeader, headerBytes } from '../format/object-header.js';
import type { PartCodec } from '../format/part-codec.js';
import { decodeTrailer, trailerBytes } from '../format/segment-trailer.js';
import type { ArchiveStore } from '../store/archive-store.js';
import { ContentTally } from '../write/segment-content.js';
import { BlockDecompressor } from './block-decompressor.js';
import { ByteLru } from './byte-lru.js';
import { DecodedBlock } from './decoded-block.js';
import { headerOf } from './header-of.js';
import { SegmentIndex } from './segment-index.js';
import { unpackBlock } from './unpack-block.js';

const indexBytes = 4 * 1024 * 1024;

/** What is walked. */
export interface WalkedSegment {
  readonly store: ArchiveStore;
  readonly manifest: ArchiveManifest;
  readonly segment: SegmentEntry;
  readonly codec: PartCodec;
}

/**
 * All blocks of a segment from the first to the last, with each byte of the object read once: index first, then the
 * rest in reads of 1 MiB. Every block is compared with its hash before it is given; at the end everything else of the
 * object is, and what the records are with what the manifest tells.
 * @throws ArchiveFault.
 */
export async function* walkSegment(walked: WalkedSegment): AsyncGenerator<DecodedBlock> {
  const decompressor = new BlockDecompressor(walked.codec.dictionary);
  try {
    yield* walk(walked, decompressor);
  } finally {
    decompressor.close();
  }
}

async function* walk(walked: WalkedSegment, decompressor: BlockDecompressor): AsyncGenerator<DecodedBlock> {
  const { store, segment, codec } = walked;
  const head = await store.head(segment.key);
  if (!head) throw new ArchiveFault('missing', `${segment.key} is not there`);
  if (head.bytes !== segment.bytes) {
    throw new ArchiveFault('damaged', `${segment.key} has ${head.bytes} bytes, not ${segment.bytes}`);
  }
  const source = new SequentialSource(store, segment);
  const header = await source.next(headerBytes);
  checkHeader(walked, header);
  const tally = new ContentTally();
  const index = new SegmentIndex(store, segment, async () => codec, new ByteLru(indexBytes));
  const leaves = await index.root();
  const decompress = (frame: Buffer, rawLength: number): Promise<Buffer> => decompressor.decompress(frame, rawLength);
  let blocks = 0;
  for (const leaf of leaves) {
    for (const row of await index.leaf(leaf)) {
      if (row.offset !== source.offset) throw misplaced(segment, row);
      const raw = await unpackBlock(segment, row, await source.next(row.length), codec, decompress);
      const block = new DecodedBlock(raw, row, segment.key);
      tally.hash(block.raw);
      for (const position of block.positions) tally.add(position);
      blocks++;
      yield block;
    }
  }
  for (const leaf of leaves) {
    if (leaf.offset !== source.offset) throw misplaced(segment, leaf);
    await source.next(leaf.length);
  }
  if (segment.root.offset !== source.offset) throw misplaced(segment, segment.root);
  const root = await source.next(segment.root.length);
  const trailer = decodeTrailer(await source.next(trailerBytes), header, segment.key);
  const content = tally.end();
  const fits =
    trailer.root.offset === segment.root.offset &&
    trailer.root.length === segment.root.length &&
    trailer.rootHash === sha256Hex(root) &&
    trailer.blocks === blocks &&
    trailer.records === content.records &&
    source.offset === segment.bytes &&
    source.digest() === segment.sha256;
  if (!fits) throw new ArchiveFault('damaged', `${segment.key} is not the object that the manifest tells of`);
  for (const [name, value] of Object.entries(content)) {
    if (JSON.stringify(value) === JSON.stringify(segment[name as keyof typeof content])) continue;
    throw new ArchiveFault(
      'damaged',
      `${segment.key}: ${name} is ${JSON.stringify(value)}, the manifest tells otherwise`,
    );
  }
}

const readBytes = 1024 * 1024;

/** Bytes of an object from its beginning on, hashed as they pass. */
class SequentialSource {
  private readonly hash = createHash('sha256');
  private chunk: Buffer = Buffer.alloc(0);
  private chunkAt = 0;
  offset = 0;

  constructor(
    private readonly store: ArchiveStore,
    private readonly segment: SegmentEntry,
  ) {}

  async next(length: number): Promise<Buffer> {
    const end = endOf({ offset: this.offset, length });
    if (end > this.segment.bytes)
      throw new ArchiveFault('damaged', `${this.segment.key} is shorter than its index tells`);
    if (end > endOf({ offset: this.chunkAt, length: this.chunk.length })) {
      const wanted = Math.min(Math.max(length, readBytes), this.segment.bytes - this.offset);
      this.chunk = await this.store.get(this.segment.key, { offset: this.offset, length: wanted });
      this.chunkAt = this.offset;
    }
    const bytes = this.chunk.subarray(this.offset - this.chunkAt, end - this.chunkAt);
    this.hash.update(bytes);
    this.offset = end;
    return bytes;
  }

  digest(): string {
    return this.hash.digest('hex');
  }
}

function checkHeader({ manifest, segment }: WalkedSegment, header: Buffer): void {
  decodeHeader(header, 'segment', segment.key);
  if (encodeHeader(headerOf(manifest, segment, 'segment')).equals(header)) return;
  throw new ArchiveFault('damaged', `${segment.key}: its header is not the one that the manifest tells of`);
}

function misplaced(segment: SegmentEntry, { offset }: { readonly offset: number }): ArchiveFault {
  return new ArchiveFault('damaged', `${segment.key}: the part at ${offset} does not follow the one before it`);
}
