import type { ArchiveKeys } from '../format/archive-keys.js';
import { decodeManifest } from '../format/manifest-codec.js';
import type { ArchiveStore } from '../store/archive-store.js';
import { ArchivedMonth } from './archived-month.js';
import { ByteLru } from './byte-lru.js';

/** Which archive of a month is meant: the month's document in MongoDB holds both. */
export interface ArchiveReference {
  /** Key of the manifest. */
  readonly manifest: string;
  /** What its root hash has to be. */
  readonly rootHash: string;
}

/** Reads archived months from one store, with one cache for all of them. */
export class ArchiveReader {
  private readonly cache: ByteLru;

  /** `cacheBytes` bounds manifests, dictionaries, indexes and blocks together; `noteRead` is told of each part that is asked for. */
  constructor(
    private readonly store: ArchiveStore,
    private readonly keys: ArchiveKeys,
    cacheBytes: number,
    noteRead?: (result: 'hit' | 'miss') => void,
  ) {
    this.cache = new ByteLru(cacheBytes, noteRead);
  }

  /** What the cache holds, bytes. */
  get cachedBytes(): number {
    return this.cache.bytes;
  }

  /**
   * A month, from the cache or with one read of its manifest.
   * @throws ArchiveFault.
   */
  openMonth({ manifest, rootHash }: ArchiveReference): Promise<ArchivedMonth> {
    const key = `${manifest}@${rootHash}`;
    return this.cache.getOrLoad(key, 0, async () => {
      const bytes = await this.store.get(manifest);
      this.cache.weigh(key, bytes.length * 3);
      return new ArchivedMonth(decodeManifest(bytes, this.keys, manifest, rootHash), this.store, this.keys, this.cache);
    });
  }
}
