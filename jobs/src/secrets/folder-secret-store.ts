import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretStore, StoredSecrets } from './secret-store.js';

/** Secrets as files of a folder, one each, readable by their owner only: what programs want that take a path. */
export class FolderSecretStore implements SecretStore {
  readonly where: string;

  constructor(private readonly folder: string) {
    this.where = `folder ${folder}`;
  }

  async read(): Promise<StoredSecrets> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const names = (await readdir(this.folder, { withFileTypes: true })).filter((entry) => entry.isFile());
    const values = await Promise.all(
      names.map(async ({ name }) => [name, (await readFile(join(this.folder, name), 'utf8')).trimEnd()] as const),
    );
    return { values: new Map(values), isImmutable: false, version: undefined };
  }

  async add(values: ReadonlyMap<string, string>): Promise<boolean> {
    let isAdded = true;
    for (const [name, value] of values) isAdded = (await this.create(name, value)) && isAdded;
    return isAdded;
  }

  /** Written beside its place and linked to it: whole or not at all, and never over another. */
  private async create(name: string, value: string): Promise<boolean> {
    const part = join(this.folder, `.${name}.${process.pid}.part`);
    await using file = await open(part, 'wx', 0o600);
    try {
      await file.writeFile(`${value}\n`);
      await file.sync();
      await link(part, join(this.folder, name));
      return true;
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
      throw thrown;
    } finally {
      await rm(part, { force: true });
    }
  }
}
