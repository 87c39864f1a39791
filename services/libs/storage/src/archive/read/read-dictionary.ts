import type { MonthYear } from '../../documents/month.js';
import { ArchiveFault } from '../archive-fault.js';
import { sha256Hex } from '../format/archive-hash.js';
import type { ArchiveKeys } from '../format/archive-keys.js';
import type { DictionaryEntry } from '../format/manifest.js';
import { headerBytes } from '../format/object-header.js';
import { PartCodec } from '../format/part-codec.js';
import type { ArchiveStore } from '../store/archive-store.js';
import { headerOf } from './header-of.js';

/**
 * The content of a month's dictionary.
 * @throws ArchiveFault.
 */
export async function readDictionary(
  { store, keys }: { readonly store: ArchiveStore; readonly keys: ArchiveKeys },
  month: MonthYear,
  entry: DictionaryEntry,
): Promise<Buffer> {
  const object = await store.get(entry.key);
  if (object.length !== entry.bytes || sha256Hex(object) !== entry.sha256) {
    throw new ArchiveFault('damaged', `${entry.key}: the dictionary is damaged`);
  }
  const codec = new PartCodec(headerOf({ month, dictionary: entry }, entry, 'dictionary'), keys);
  return codec.unpack('dictionary', object.subarray(headerBytes), headerBytes, entry.rawBytes, entry.key);
}
