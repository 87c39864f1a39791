import type { ArchiveManifest, ObjectEntry } from '../format/manifest.js';
import type { ObjectHeader } from '../format/object-header.js';

/** The header that an object of a manifest begins with. */
export function headerOf(
  { month, dictionary }: Pick<ArchiveManifest, 'month' | 'dictionary'>,
  { encryption }: Pick<ObjectEntry, 'encryption'>,
  kind: 'segment' | 'dictionary',
): ObjectHeader {
  return {
    kind,
    month,
    salt: encryption ? Buffer.from(encryption.salt, 'base64url') : Buffer.alloc(32),
    dictionary: dictionary?.contentSha256,
    keyId: encryption?.keyId,
  };
}
