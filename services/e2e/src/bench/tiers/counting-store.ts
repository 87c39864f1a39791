import type { ArchiveStore } from '@parlance/storage';

/** A store whose reads are counted. */
export interface CountingStore extends ArchiveStore {
  /** Reads of whole objects and of ranges since the last call. */
  taken(): { readonly whole: number; readonly ranged: number };
}

/** Counts the reads of a store. */
export function countingStore(store: ArchiveStore): CountingStore {
  let counts = { whole: 0, ranged: 0 };
  return {
    upload: (key) => store.upload(key),
    put: (key, bytes) => store.put(key, bytes),
    get(key, range) {
      if (range) counts.ranged += 1;
      else counts.whole += 1;
      return store.get(key, range);
    },
    head: (key) => store.head(key),
    list: (prefix) => store.list(prefix),
    delete: (key) => store.delete(key),
    unfinished: () => store.unfinished(),
    discard: (upload) => store.discard(upload),
    taken() {
      const taken = counts;
      counts = { whole: 0, ranged: 0 };
      return taken;
    },
  };
}
