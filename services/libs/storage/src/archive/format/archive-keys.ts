import { hkdfSync } from 'node:crypto';
import { ArchiveFault } from '../archive-fault.js';

/** One key of archives, with the name that stands in what was encrypted with it. */
export interface ArchiveKey {
  /** 1 to 32 of `A-Z a-z 0-9 _ - .`. */
  readonly id: string;
  /** 32 random bytes. */
  readonly secret: Uint8Array;
}

/**
 * The keys that archives are read and written with. The first one encrypts; all of them decrypt. To change the key, put
 * a new one in front and keep the others as long as anything is encrypted with them.
 */
export class ArchiveKeys {
  private readonly byId: ReadonlyMap<string, ArchiveKey>;
  /** The key that encrypts what is written; undefined when nothing is encrypted. */
  readonly current: ArchiveKey | undefined;

  constructor(keys: readonly ArchiveKey[] = []) {
    for (const { id, secret } of keys) {
      if (!/^[\w.-]{1,32}$/.test(id)) throw new ArchiveFault('misused', `not an id of an archive key: ${id}`);
      if (secret.length !== 32)
        throw new ArchiveFault('misused', `archive key ${id} has ${secret.length} bytes, not 32`);
    }
    this.byId = new Map(keys.map((key) => [key.id, key]));
    if (this.byId.size < keys.length) throw new ArchiveFault('misused', 'two archive keys have one id');
    this.current = keys[0];
  }

  /** The key of one object: derived by HKDF-SHA-256 from the named key and the object's own salt. */
  objectKey(id: string, salt: Uint8Array): Uint8Array {
    const key = this.byId.get(id);
    if (!key)
      throw new ArchiveFault('noKey', `the archive is encrypted with key ${JSON.stringify(id)}, which is not given`);
    return new Uint8Array(hkdfSync('sha256', key.secret, salt, 'parlance-archive/1', 32));
  }
}
