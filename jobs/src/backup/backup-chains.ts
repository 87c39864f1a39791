import { type BackupManifest, decodeBackup } from '@parlance/storage';
import type { OpenArchive } from '../archive/open-archive.js';
import { JobFailed } from '../job-failed.js';

/** Everything of backups lies below. */
export const backupsFolder = 'backups/';

/** A backup that is complete: its manifest is the last thing that is written. */
export interface StoredBackup {
  readonly manifest: BackupManifest;
  readonly rootHash: string;
}

/** Key of a manifest. */
export function manifestKey(chain: string, sequence: number): string {
  return `${backupsFolder}${chain}/${String(sequence).padStart(6, '0')}/manifest`;
}

/**
 * Objects that no backup names: what one that was cut off has left in the newest chain, or in one of which nothing was ever
 * complete. Only under the lease: what another run is writing looks the same. `newest`: the backups of the newest chain.
 */
export async function strayObjects(
  { store }: OpenArchive,
  newest: readonly StoredBackup[],
): Promise<readonly string[]> {
  const folders = new Set(newest.map(({ manifest }) => folderOf(manifest.rooms.key)));
  const keys: string[] = [];
  for await (const { key } of store.list(backupsFolder)) keys.push(key);
  const complete = new Set(keys.filter((key) => isManifest.test(key)).map(chainOf));
  const last = newest.at(-1)?.manifest.chain;
  return keys.filter((key) => {
    const chain = chainOf(key);
    if (!complete.has(chain)) return true;
    return chain === last && !isManifest.test(key) && !folders.has(key.split('/').slice(0, 3).join('/'));
  });
}

const isManifest = /^backups\/[^/]+\/\d{6}\/manifest$/;

function chainOf(key: string): string {
  return key.split('/')[1] ?? '';
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}

/** Names of all chains, oldest first. */
export async function readChainNames({ store }: OpenArchive): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const { key } of store.list(backupsFolder)) {
    const [, chain] = /^backups\/([^/]+)\/\d{6}\/manifest$/.exec(key) ?? [];
    if (chain !== undefined) names.add(chain);
  }
  return [...names].toSorted();
}

/**
 * The backups of a chain, from its first. Each has to name the one before. Errors: JobFailed when one is missing or is of
 * another chain; ArchiveFault.
 */
export async function readChain(chain: string, { store, keys }: OpenArchive): Promise<readonly StoredBackup[]> {
  const backups: StoredBackup[] = [];
  const found: string[] = [];
  for await (const { key } of store.list(`${backupsFolder}${chain}/`)) if (key.endsWith('/manifest')) found.push(key);
  for (const key of found.filter((each) => /\/\d{6}\/manifest$/.test(each)).toSorted()) {
    const sequence = backups.length + 1;
    if (key !== manifestKey(chain, sequence)) throw new JobFailed(`backup ${sequence} of chain ${chain} is missing`);
    const backup = decodeBackup(await store.get(key), keys, key);
    const { manifest } = backup;
    const follows = manifest.previous === (backups.at(-1)?.rootHash ?? null);
    if (!follows || manifest.chain !== chain || manifest.sequence !== sequence) {
      throw new JobFailed(`${key} does not follow the backup before it`);
    }
    backups.push(backup);
  }
  return backups;
}
