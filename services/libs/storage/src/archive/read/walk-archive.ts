import type { SlotDocument } from '../../documents/message-document.js';
import { ArchiveFault } from '../archive-fault.js';
import { sha256Hex } from '../format/archive-hash.js';
import type { ArchiveKeys } from '../format/archive-keys.js';
import type { ArchiveManifest, SegmentEntry } from '../format/manifest.js';
import { decodeManifest } from '../format/manifest-codec.js';
import { decodeHeader, encodeHeader } from '../format/object-header.js';
import type { ArchiveStore } from '../store/archive-store.js';
import type { ArchiveReference } from './archive-reader.js';
import { ArchivedMonth } from './archived-month.js';
import { ByteLru } from './byte-lru.js';
import { headerOf } from './header-of.js';
import { walkSegment } from './walk-segment.js';

/** For the dictionary alone: blocks are not cached on a walk. */
const cacheBytes = 1024 * 1024;

/** An object of an archive that was read from beginning to end. */
export interface CheckedObject {
  readonly key: string;
  readonly bytes: number;
  /** What is the matter with it; undefined when all is well. */
  readonly fault: ArchiveFault | undefined;
}

/** One archive of a month, to be read from beginning to end: to restore it, or to check it. */
export class ArchiveWalk {
  private readonly month: ArchivedMonth;

  /** Of a manifest that was read already. */
  constructor(
    readonly manifest: ArchiveManifest,
    private readonly store: ArchiveStore,
    keys: ArchiveKeys,
  ) {
    this.month = new ArchivedMonth(manifest, store, keys, new ByteLru(cacheBytes));
  }

  /**
   * Reads the manifest. Without `rootHash` any manifest under that key will do.
   * @throws ArchiveFault.
   */
  static async open(
    { manifest, rootHash }: Pick<ArchiveReference, 'manifest'> & Partial<ArchiveReference>,
    store: ArchiveStore,
    keys: ArchiveKeys,
  ): Promise<ArchiveWalk> {
    const read = decodeManifest(await store.get(manifest), keys, manifest, rootHash);
    return new ArchiveWalk(read, store, keys);
  }

  /** All records of a segment in order. What is given is what was archived; errors (ArchiveFault) may come after some. */
  async *records(segment: SegmentEntry): AsyncGenerator<SlotDocument> {
    const codec = await this.month.codecOf(segment);
    for await (const block of walkSegment({ store: this.store, manifest: this.manifest, segment, codec })) {
      yield* block.slots;
    }
  }

  /**
   * Reads every byte of the archive and compares it. Gives each object when it was read, with what is the matter with
   * it if anything is; where the dictionary is damaged, that alone.
   * @throws ArchiveFault of all other kinds than `damaged` and `missing`.
   */
  async *check(): AsyncGenerator<CheckedObject> {
    const { dictionary, segments } = this.manifest;
    if (dictionary) {
      const fault = await faultOf(() => this.checkDictionary());
      yield { key: dictionary.key, bytes: dictionary.bytes, fault };
      if (fault) return;
    }
    for (const segment of segments) {
      yield { key: segment.key, bytes: segment.bytes, fault: await faultOf(() => this.checkSegment(segment)) };
    }
  }

  private async checkDictionary(): Promise<void> {
    const entry = this.manifest.dictionary;
    if (!entry) return;
    const object = await this.store.get(entry.key);
    decodeHeader(object, 'dictionary', entry.key);
    const isItsHeader = object.indexOf(encodeHeader(headerOf(this.manifest, entry, 'dictionary'))) === 0;
    if (!isItsHeader || sha256Hex(object) !== entry.sha256) {
      throw new ArchiveFault('damaged', `${entry.key}: the dictionary is damaged`);
    }
  }

  private async checkSegment(segment: SegmentEntry): Promise<void> {
    const codec = await this.month.codecOf(segment);
    for await (const _block of walkSegment({ store: this.store, manifest: this.manifest, segment, codec }));
  }
}

async function faultOf(check: () => Promise<void>): Promise<ArchiveFault | undefined> {
  try {
    await check();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ArchiveFault && (thrown.trouble === 'damaged' || thrown.trouble === 'missing')) return thrown;
    throw thrown;
  }
}
