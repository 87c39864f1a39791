import type { SlotDocument } from '../../documents/message-document.js';
import type { ArchiveKeys } from '../format/archive-keys.js';
import type { IndexRow } from '../format/index-row.js';
import type { ArchiveManifest, SegmentEntry } from '../format/manifest.js';
import { PartCodec } from '../format/part-codec.js';
import type { ArchiveStore } from '../store/archive-store.js';
import type { ByteLru } from './byte-lru.js';
import { DecodedBlock, weightOf } from './decoded-block.js';
import { headerOf } from './header-of.js';
import { readDictionary } from './read-dictionary.js';
import { overlapping, SegmentIndex, spanOf } from './segment-index.js';
import { unpackBlock } from './unpack-block.js';

/**
 * One month in an archive, read by room and id. What it gives was compared with the hashes that the manifest vouches for:
 * it throws before it gives a wrong byte. All errors: ArchiveFault; `damaged` names the object and its part.
 */
export class ArchivedMonth {
  private readonly indexes = new Map<string, SegmentIndex>();

  constructor(
    readonly manifest: ArchiveManifest,
    private readonly store: ArchiveStore,
    private readonly keys: ArchiveKeys,
    private readonly cache: ByteLru,
  ) {}

  /**
   * Records of a room with ids from `from` to `to`, both included, in order, `seal` and `void` too; those that are there.
   * Costs one ranged read at most when the index is in the cache, none when the blocks are too; one more where the range
   * goes over the end of a segment. For pages: all of it is in memory at once.
   */
  async readRange(roomId: string, from: number, to: number): Promise<SlotDocument[]> {
    const slots: SlotDocument[] = [];
    for (const segment of overlapping(this.manifest.segments, { roomId, messageId: from }, { roomId, messageId: to })) {
      const rows = await this.index(segment).blocks({ roomId, messageId: from }, { roomId, messageId: to });
      for (const block of await this.blocks(segment, rows)) slots.push(...block.slotsOf(roomId, from, to));
    }
    return slots;
  }

  /** The first and the last id of a room in the month, its seal included; undefined when it has no record there. */
  async boundsOf(roomId: string): Promise<{ readonly firstId: number; readonly lastId: number } | undefined> {
    const from = { roomId, messageId: 0 };
    const to = { roomId, messageId: Number.MAX_SAFE_INTEGER };
    const segments = overlapping(this.manifest.segments, from, to);
    const bounds: { readonly firstId: number; readonly lastId: number }[] = [];
    for (const segment of new Set([segments[0], segments.at(-1)])) {
      if (!segment) continue;
      const rows = await this.index(segment).blocks(from, to);
      const ends = rows.length > 2 ? [rows.slice(0, 1), rows.slice(-1)] : [rows];
      for (const end of ends) {
        const blocks = await this.blocks(segment, end);
        bounds.push(...blocks.map((block) => block.boundsOf(roomId)).filter((found) => found !== undefined));
      }
    }
    const firstId = bounds[0]?.firstId;
    const lastId = bounds.at(-1)?.lastId;
    return firstId === undefined || lastId === undefined ? undefined : { firstId, lastId };
  }

  /** Blocks of a segment that lie side by side: from the cache, and with one ranged read from the first to the last other. */
  private async blocks(segment: SegmentEntry, rows: readonly IndexRow[]): Promise<DecodedBlock[]> {
    const keyOf = (row: IndexRow): string => `${segment.key}#${row.offset}`;
    const held = rows.map((row) => this.cache.get<DecodedBlock>(keyOf(row)));
    const from = held.indexOf(undefined);
    const [first, ...others] = from < 0 ? [] : rows.slice(from, held.lastIndexOf(undefined) + 1);
    if (first) {
      const span = spanOf([first, ...others]);
      const codec = this.codecOf(segment);
      const bytes = this.store.get(segment.key, span);
      for (const [index, row] of [first, ...others].entries()) {
        const stored = bytes.then((all) =>
          all.subarray(row.offset - span.offset, row.offset - span.offset + row.length),
        );
        const block = Promise.all([stored, codec]).then(([part, opened]) => decodedBlock(segment, row, part, opened));
        held[from + index] = this.cache.set(keyOf(row), weightOf(row), block);
      }
    }
    return Promise.all(held.filter((block) => block !== undefined));
  }

  private index(segment: SegmentEntry): SegmentIndex {
    const known = this.indexes.get(segment.key);
    if (known) return known;
    const index = new SegmentIndex(this.store, segment, () => this.codecOf(segment), this.cache);
    this.indexes.set(segment.key, index);
    return index;
  }

  /** The codec of a segment's parts. Loads the month's dictionary once. */
  async codecOf(segment: SegmentEntry): Promise<PartCodec> {
    return new PartCodec(headerOf(this.manifest, segment, 'segment'), this.keys, await this.dictionary());
  }

  private async dictionary(): Promise<Buffer | undefined> {
    const entry = this.manifest.dictionary;
    if (!entry) return undefined;
    const load = (): Promise<Buffer> =>
      readDictionary({ store: this.store, keys: this.keys }, this.manifest.month, entry);
    return this.cache.getOrLoad(`${entry.key}#`, entry.rawBytes, load);
  }
}

async function decodedBlock(
  segment: SegmentEntry,
  row: IndexRow,
  stored: Buffer,
  codec: PartCodec,
): Promise<DecodedBlock> {
  const decompress = (frame: Buffer, rawLength: number): Buffer => codec.decompress('block', frame, rawLength);
  return new DecodedBlock(await unpackBlock(segment, row, stored, codec, decompress), row, segment.key);
}
