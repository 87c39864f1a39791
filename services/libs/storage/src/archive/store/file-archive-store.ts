import { type FileHandle, link, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ArchiveFault } from '../archive-fault.js';
import {
  type ArchiveStore,
  type ArchiveUpload,
  type ByteRange,
  checkedKey,
  type ListedObject,
  type UnfinishedUpload,
} from './archive-store.js';

/** Objects that are being written. It is no key, and never listed. */
const partialFolder = '.partial';

/** Names of what lies there. */
const isPartial = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * Archives in a folder: a volume, or a file system of the network that has hard links. An object is written beside its
 * place, synced, linked to it (which fails where something stands already) and its folder synced: whole or not at all,
 * also after a loss of power.
 */
export class FileArchiveStore implements ArchiveStore {
  /** `root` is created when it is missing; `newId` makes random UUIDs. */
  constructor(
    private readonly root: string,
    private readonly newId: () => string,
  ) {}

  async upload(key: string): Promise<ArchiveUpload> {
    const target = this.path(key);
    const partial = join(this.root, partialFolder, this.newId());
    return attempt(`${key} cannot be created`, async () => {
      await mkdir(dirname(partial), { recursive: true });
      await makeFolders(this.root, dirname(target));
      return new FileUpload(key, target, partial, await open(partial, 'wx'));
    });
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const upload = await this.upload(key);
    try {
      await upload.write(bytes);
      await upload.finish();
    } finally {
      await upload.abort();
    }
  }

  async get(key: string, range?: ByteRange): Promise<Buffer> {
    return attempt(`${key} cannot be read`, async () => {
      await using file = await open(this.path(key), 'r');
      if (!range) return file.readFile();
      const bytes = Buffer.allocUnsafe(range.length);
      for (let filled = 0; filled < range.length; ) {
        const { bytesRead } = await file.read(bytes, filled, range.length - filled, range.offset + filled);
        if (bytesRead === 0)
          throw new ArchiveFault('damaged', `${key} ends before byte ${range.offset + range.length}`);
        filled += bytesRead;
      }
      return bytes;
    });
  }

  async head(key: string): Promise<{ readonly bytes: number } | undefined> {
    return attempt(`${key} cannot be looked at`, async () => {
      const found = await stat(this.path(key)).catch(unlessMissing);
      return found?.isFile() ? { bytes: found.size } : undefined;
    });
  }

  async *list(prefix: string): AsyncGenerator<ListedObject> {
    const entries = await attempt('the archive cannot be listed', async () =>
      readdir(this.root, { recursive: true, withFileTypes: true }).catch(unlessMissing),
    );
    const keys = (entries ?? [])
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(this.root, '/').length))
      .filter((key) => key.startsWith(prefix) && !key.startsWith(`${partialFolder}/`));
    for (const key of keys.toSorted((one, other) => (one < other ? -1 : 1))) {
      const found = await this.head(key);
      if (found) yield { key, ...found };
    }
  }

  async delete(key: string): Promise<void> {
    const path = this.path(key);
    await attempt(`${key} cannot be deleted`, async () => {
      await rm(path, { force: true });
      await syncFolder(dirname(path)).catch(unlessMissing);
    });
  }

  async *unfinished(): AsyncGenerator<UnfinishedUpload> {
    const names = await attempt('what is being written cannot be listed', async () =>
      readdir(join(this.root, partialFolder)).catch(unlessMissing),
    );
    for (const id of (names ?? []).filter((name) => isPartial.test(name)).toSorted()) {
      const found = await attempt(`${id} cannot be looked at`, async () =>
        stat(join(this.root, partialFolder, id)).catch(unlessMissing),
      );
      if (found?.isFile()) yield { id, key: undefined, bytes: found.size, touchedAt: found.mtimeMs };
    }
  }

  async discard({ id }: UnfinishedUpload): Promise<void> {
    if (!isPartial.test(id)) throw new ArchiveFault('misused', `not an upload of an archive: ${JSON.stringify(id)}`);
    await attempt(`${id} cannot be removed`, async () => rm(join(this.root, partialFolder, id), { force: true }));
  }

  private path(key: string): string {
    return join(this.root, checkedKey(key));
  }
}

class FileUpload implements ArchiveUpload {
  private ended = false;

  constructor(
    private readonly key: string,
    private readonly target: string,
    private readonly partial: string,
    private readonly file: FileHandle,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    await attempt(`${this.key} cannot be written`, async () => {
      for (let written = 0; written < bytes.length; ) {
        written += (await this.file.write(bytes, written)).bytesWritten;
      }
    });
  }

  async finish(): Promise<void> {
    await attempt(`${this.key} cannot be finished`, async () => {
      await this.file.sync();
      await link(this.partial, this.target);
      await syncFolder(dirname(this.target));
    });
    await this.abort();
  }

  async abort(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    await this.file.close().catch(() => undefined);
    await rm(this.partial, { force: true }).catch(() => undefined);
  }
}

/** Creates the folders between the root and a folder, each durably in the one above it. */
async function makeFolders(root: string, folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (
    let above = folder;
    above.length > dirname(root).length && above.length >= dirname(first).length;
    above = dirname(above)
  ) {
    await syncFolder(above);
  }
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** Runs calls to the file system; what they throw becomes an ArchiveFault here and nowhere else. */
async function attempt<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof ArchiveFault) throw thrown;
    const code = codeOf(thrown);
    const text = `${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    switch (code) {
      case 'ENOENT':
        throw new ArchiveFault('missing', text, { cause: thrown });
      case 'EEXIST':
        throw new ArchiveFault('exists', text, { cause: thrown });
      case 'ENOSPC':
      case 'EDQUOT':
        throw new ArchiveFault('full', text, { cause: thrown });
      default:
        throw new ArchiveFault('unavailable', text, { cause: thrown });
    }
  }
}

function unlessMissing(thrown: unknown): undefined {
  const code = codeOf(thrown);
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  throw thrown;
}

function codeOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
}
