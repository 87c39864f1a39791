import { createHash, randomBytes } from 'node:crypto';
import { BSON, type Document } from 'mongodb';
import type { MonthYear } from '../../documents/month.js';
import { ArchiveFault } from '../archive-fault.js';
import { sha256Hex } from '../format/archive-hash.js';
import type { ArchiveKeys } from '../format/archive-keys.js';
import type { ObjectEntry } from '../format/manifest.js';
import { encodeHeader, headerBytes, type ObjectHeader } from '../format/object-header.js';
import { PartCodec } from '../format/part-codec.js';
import type { PartPlace } from '../format/segment-trailer.js';
import type { ArchiveStore } from '../store/archive-store.js';

/** A file of documents that are no messages, to be read from its beginning to its end. */
export interface DocumentsEntry extends ObjectEntry {
  readonly documents: number;
  readonly parts: readonly DocumentsPart[];
}

/** Some of the documents: one line of canonical extended JSON each, packed together. */
export interface DocumentsPart extends PartPlace {
  readonly documents: number;
  /** Bytes when it is unpacked. */
  readonly rawLength: number;
  /** SHA-256 of the bytes as they are stored, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Where a file of documents lies and how it is packed. */
export interface DocumentsPlace {
  readonly store: ArchiveStore;
  readonly keys: ArchiveKeys;
  /** Stands in the header of the file. */
  readonly month: MonthYear;
}

/** A part ends with the document that brings it to so many bytes: what is in memory at a time. */
const partBytes = 1024 * 1024;

/**
 * Writes documents in the order in which they come. They have to be read with `promoteValues: false`, so that numbers
 * keep their types. Memory does not grow with them, but for an entry of each part.
 * @throws ArchiveFault, also `exists`; what the documents throw. What was not finished then is given up.
 */
export async function writeDocuments(
  key: string,
  documents: AsyncIterable<Document> | Iterable<Document>,
  { store, keys, month }: DocumentsPlace,
): Promise<DocumentsEntry> {
  const salt = keys.current ? randomBytes(32) : Buffer.alloc(32);
  const encryption = keys.current ? { keyId: keys.current.id, salt: salt.toString('base64url') } : null;
  const header = headerOf({ encryption }, month);
  const codec = new PartCodec(header, keys);
  const upload = await store.upload(key);
  const hash = createHash('sha256');
  const parts: DocumentsPart[] = [];
  let offset = 0;
  let lines: string[] = [];
  let bytes = 0;
  const append = async (stored: Buffer): Promise<void> => {
    hash.update(stored);
    offset += stored.length;
    await upload.write(stored);
  };
  const endPart = async (): Promise<void> => {
    if (lines.length === 0) return;
    const raw = Buffer.from(lines.join(''));
    const stored = codec.pack('block', raw, offset);
    const place = { offset, length: stored.length };
    parts.push({ ...place, documents: lines.length, rawLength: raw.length, sha256: sha256Hex(stored) });
    lines = [];
    bytes = 0;
    await append(stored);
  };
  try {
    await append(encodeHeader(header));
    for await (const document of documents) {
      const line = `${BSON.EJSON.stringify(document, { relaxed: false })}\n`;
      lines.push(line);
      bytes += line.length;
      if (bytes >= partBytes) await endPart();
    }
    await endPart();
    await upload.finish();
  } finally {
    await upload.abort();
  }
  const count = parts.reduce((sum, part) => sum + part.documents, 0);
  return { key, bytes: offset, sha256: hash.digest('hex'), encryption, documents: count, parts };
}

/**
 * The documents of a file, with the types they had. Every part is compared with its hash before anything of it is
 * given.
 * @throws ArchiveFault; some documents may have come before.
 */
export async function* readDocuments(
  entry: DocumentsEntry,
  { store, keys, month }: DocumentsPlace,
): AsyncGenerator<Document> {
  const header = headerOf(entry, month);
  const codec = new PartCodec(header, keys);
  const head = await store.get(entry.key, { offset: 0, length: headerBytes });
  if (!head.equals(encodeHeader(header))) throw new ArchiveFault('damaged', `${entry.key}: its header is another`);
  let end = headerBytes;
  for (const part of entry.parts) {
    const stored = await store.get(entry.key, { offset: part.offset, length: part.length });
    if (part.offset !== end || sha256Hex(stored) !== part.sha256) {
      throw new ArchiveFault('damaged', `${entry.key}: the part at ${part.offset} is damaged`);
    }
    end += part.length;
    const text = codec.unpack('block', stored, part.offset, part.rawLength, entry.key).toString();
    for (const line of text.split('\n')) {
      if (line !== '') yield BSON.EJSON.parse(line, { relaxed: false }) as Document;
    }
  }
  const found = await store.head(entry.key);
  if (end !== entry.bytes || found?.bytes !== end) {
    throw new ArchiveFault('damaged', `${entry.key} has ${found?.bytes ?? 0} bytes, not ${entry.bytes}`);
  }
}

function headerOf({ encryption }: Pick<ObjectEntry, 'encryption'>, month: MonthYear): ObjectHeader {
  return {
    kind: 'documents',
    month,
    salt: encryption ? Buffer.from(encryption.salt, 'base64url') : Buffer.alloc(32),
    dictionary: undefined,
    keyId: encryption?.keyId,
  };
}
