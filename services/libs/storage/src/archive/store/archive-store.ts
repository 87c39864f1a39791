import { ArchiveFault } from '../archive-fault.js';

/**
 * Where archives lie: a flat space of objects that are written whole, once, and never changed. Keys are parts of
 * `A-Z a-z 0-9 _ - .` between slashes. Each call ends by itself. Errors of all: ArchiveFault `unavailable`; `full` where
 * bytes are written.
 */
export interface ArchiveStore {
  /** Begins an object of any size. Nobody sees it before it is finished. */
  upload(key: string): Promise<ArchiveUpload>;
  /**
   * Writes a small object, durably.
   * @throws also ArchiveFault `exists`, and then nothing has changed.
   */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /**
   * All of an object, or just the bytes of one range.
   * @throws also `missing`; `damaged` when it is shorter than the range.
   */
  get(key: string, range?: ByteRange): Promise<Buffer>;
  /** The size of an object; undefined when there is none. */
  head(key: string): Promise<{ readonly bytes: number } | undefined>;
  /** Objects whose key begins with a text, by key. */
  list(prefix: string): AsyncIterable<ListedObject>;
  /** Removes an object; fine when there is none. */
  delete(key: string): Promise<void>;
  /** Uploads that were begun and neither finished nor aborted: those under way, and what dead processes have left. */
  unfinished(): AsyncIterable<UnfinishedUpload>;
  /** Removes one of them, and never an object; fine when it is not there any more. Whoever still writes to it fails. */
  discard(upload: UnfinishedUpload): Promise<void>;
}

/** What takes room and is no object. */
export interface UnfinishedUpload {
  /** What the store calls it. */
  readonly id: string;
  /** The key that it was begun for; undefined where the store does not know. */
  readonly key: string | undefined;
  /** Bytes that it takes; undefined where the store does not say. */
  readonly bytes: number | undefined;
  /** When it was last known to be written to, by the store's clock, Unix milliseconds. */
  readonly touchedAt: number;
}

/** An object that is being written. One that is neither finished nor aborted leaves nothing that `list` shows. */
export interface ArchiveUpload {
  /** Adds bytes. The caller may not change them afterwards. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Makes the object visible, durably.
   * @throws also ArchiveFault `exists`, and then the object that stood there stays.
   */
  finish(): Promise<void>;
  /** Gives it up. Never throws. */
  abort(): Promise<void>;
}

/** `length` bytes from `offset` on. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** An object of a listing. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
}

/**
 * The key itself, if it is one.
 * @throws ArchiveFault `misused`.
 */
export function checkedKey(key: string): string {
  const parts = key.split('/');
  if (key.length > 512 || parts.some((part) => !/^[\w.-]+$/.test(part) || /^\.+$/.test(part))) {
    throw new ArchiveFault('misused', `not a key of an archive: ${JSON.stringify(key)}`);
  }
  return key;
}
