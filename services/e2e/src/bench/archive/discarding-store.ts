import type { ArchiveStore } from '@parlance/storage';

/** A store that counts bytes and keeps none: what is measured is the writer, not a disk. */
export function discardingStore(): ArchiveStore & { readonly bytes: () => number } {
  let written = 0;
  const take = async (bytes: Uint8Array): Promise<void> => void (written += bytes.length);
  const nothing = async (): Promise<never> => {
    throw new Error('nothing is kept here');
  };
  return {
    bytes: () => written,
    upload: async () => ({ write: take, finish: async () => undefined, abort: async () => undefined }),
    put: (_key, bytes) => take(bytes),
    get: nothing,
    head: async () => undefined,
    async *list() {},
    delete: async () => undefined,
    async *unfinished() {},
    discard: async () => undefined,
  };
}
