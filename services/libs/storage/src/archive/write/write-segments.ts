import { randomBytes } from 'node:crypto';
import type { SlotDocument } from '../../documents/message-document.js';
import type { MonthYear } from '../../documents/month.js';
import type { ArchiveKeys } from '../format/archive-keys.js';
import type { SegmentEntry } from '../format/manifest.js';
import { encodeHeader, type ObjectHeader } from '../format/object-header.js';
import { PartCodec } from '../format/part-codec.js';
import type { ArchiveStore } from '../store/archive-store.js';
import { BlockCompressor } from './block-compressor.js';
import { type BlockLimits, SegmentWriter } from './segment-writer.js';

/** How segments are written. */
export interface SegmentOptions {
  readonly store: ArchiveStore;
  readonly keys: ArchiveKeys;
  readonly month: MonthYear;
  /** The key of the segment with this number, from 0 on. It must be new: nothing is overwritten. */
  keyOf(index: number): string;
  /** Content of the dictionary and its SHA-256; undefined for none. */
  readonly dictionary: { readonly content: Buffer; readonly sha256: string } | undefined;
  /** A segment ends with the block that brings it to so many bytes. Default 64 MiB. */
  readonly segmentBytes?: number;
  readonly limits?: BlockLimits;
}

/** Default size of a segment. */
const segmentBytes = 64 * 1024 * 1024;

/**
 * Writes records, which come in batches and in the order of `compareSlots`, into as many segments as they need, and
 * gives the entry of each for the manifest once it is stored whole. To go on after a stop, give the records after the
 * last entry's `last`. Memory does not grow with the records.
 * @throws ArchiveFault; whatever the records throw. What was not finished then is given up.
 */
export async function* writeSegments(
  records: AsyncIterable<readonly SlotDocument[]> | Iterable<readonly SlotDocument[]>,
  options: SegmentOptions,
): AsyncGenerator<SegmentEntry> {
  const limit = options.segmentBytes ?? segmentBytes;
  let open: OpenSegment | undefined;
  let index = 0;
  try {
    for await (const batch of records) {
      for (const slot of batch) {
        open ??= await openSegment(options, index++);
        const written = open.writer.add(slot);
        if (!written) continue;
        await written;
        if (open.writer.bytes < limit) continue;
        const entry = await open.end();
        open = undefined;
        yield entry;
      }
    }
    const entry = await open?.end();
    open = undefined;
    if (entry) yield entry;
  } finally {
    await open?.abort();
  }
}

interface OpenSegment {
  readonly writer: SegmentWriter;
  end(): Promise<SegmentEntry>;
  abort(): Promise<void>;
}

async function openSegment(options: SegmentOptions, index: number): Promise<OpenSegment> {
  const { store, keys, month, dictionary } = options;
  const key = options.keyOf(index);
  const header: ObjectHeader = {
    kind: 'segment',
    month,
    salt: keys.current ? randomBytes(32) : Buffer.alloc(32),
    dictionary: dictionary?.sha256,
    keyId: keys.current?.id,
  };
  const upload = await store.upload(key);
  const codec = new PartCodec(header, keys, dictionary?.content);
  const compressor = new BlockCompressor(dictionary?.content);
  const writer = new SegmentWriter(upload, encodeHeader(header), codec, compressor, options.limits);
  const close = async (): Promise<void> => {
    compressor.close();
    await upload.abort();
  };
  const salt = Buffer.from(header.salt).toString('base64url');
  const encryption = header.keyId === undefined ? null : { keyId: header.keyId, salt };
  return {
    writer,
    end: async () => {
      try {
        return { key, encryption, ...(await writer.end()) };
      } finally {
        await close();
      }
    },
    abort: close,
  };
}
