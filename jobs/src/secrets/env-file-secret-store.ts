import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { JobFailed } from '../job-failed.js';
import type { SecretStore, StoredSecrets } from './secret-store.js';

/** Secrets as lines `NAME=value` of one file, as `docker run --env-file` and systemd take them; other lines are kept. */
export class EnvFileSecretStore implements SecretStore {
  readonly where: string;

  constructor(private readonly path: string) {
    this.where = `file ${path}`;
  }

  async read(): Promise<StoredSecrets> {
    const text = await this.text();
    const lines = (text ?? '').split('\n').flatMap((line) => {
      const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, unquoted(value ?? '')] as const];
    });
    return { values: new Map(lines), isImmutable: false, version: text };
  }

  async add(values: ReadonlyMap<string, string>, { version }: StoredSecrets): Promise<boolean> {
    // One writer at a time; a file that was changed since it was read is read again.
    const lock = `${this.path}.lock`;
    const part = `${this.path}.${process.pid}.part`;
    await using _held = await open(lock, 'wx').catch((thrown: unknown) => {
      throw isExisting(thrown) ? new JobFailed(`${lock} says that another run writes; delete it if none does`) : thrown;
    });
    try {
      if ((await this.text()) !== version) return false;
      const before =
        version === undefined || version === '' || version.endsWith('\n') ? (version ?? '') : `${version}\n`;
      await using file = await open(part, 'wx', 0o600);
      await file.writeFile(before + [...values].map(([name, value]) => `${name}=${value}\n`).join(''));
      await file.sync();
      if (version === undefined) await link(part, this.path);
      else await rename(part, this.path);
      return true;
    } finally {
      await rm(part, { force: true });
      await rm(lock, { force: true });
    }
  }

  private async text(): Promise<string | undefined> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
      throw thrown;
    }
  }
}

function isExisting(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
}

function unquoted(value: string): string {
  const text = value.trim();
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}
