import { randomBytes } from 'node:crypto';
import type { MonthYear } from '../../documents/month.js';
import { sha256Hex } from '../format/archive-hash.js';
import type { ArchiveKeys } from '../format/archive-keys.js';
import type { DictionaryEntry } from '../format/manifest.js';
import { encodeHeader, headerBytes, type ObjectHeader } from '../format/object-header.js';
import { PartCodec } from '../format/part-codec.js';
import type { ArchiveStore } from '../store/archive-store.js';

/** Where a dictionary is put, and for which month. */
export interface DictionaryOptions {
  readonly store: ArchiveStore;
  readonly keys: ArchiveKeys;
  readonly month: MonthYear;
  readonly key: string;
}

/**
 * Stores a dictionary: header, then its content as one part.
 * @throws ArchiveFault, also `exists`.
 */
export async function writeDictionary(content: Buffer, options: DictionaryOptions): Promise<DictionaryEntry> {
  const { store, keys, month, key } = options;
  const contentSha256 = sha256Hex(content);
  const header: ObjectHeader = {
    kind: 'dictionary',
    month,
    salt: keys.current ? randomBytes(32) : Buffer.alloc(32),
    dictionary: contentSha256,
    keyId: keys.current?.id,
  };
  const part = new PartCodec(header, keys).pack('dictionary', content, headerBytes);
  const bytes = Buffer.concat([encodeHeader(header), part]);
  await store.put(key, bytes);
  return {
    key,
    bytes: bytes.length,
    sha256: sha256Hex(bytes),
    encryption:
      header.keyId === undefined ? null : { keyId: header.keyId, salt: Buffer.from(header.salt).toString('base64url') },
    contentSha256,
    rawBytes: content.length,
  };
}
