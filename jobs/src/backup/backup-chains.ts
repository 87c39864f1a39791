import { type BackupManifest, decodeBackup, type MonthYear } from '@parlance/storage';
import type { OpenArchive } from '../archive/open-archive.js';
import { JobFailed } from '../job-failed.js';
import type { ChainSize } from './plan-backup.js';

const isManifest = /^backups\/[^/]+\/\d{6}\/manifest$/;

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

function chainOf(key: string): string {
  return key.split('/')[1] ?? '';
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'));
}

/** All chains that have a complete backup, oldest first. */
export async function readChains({ store }: OpenArchive): Promise<readonly ChainSize[]> {
  const backups = new Map<string, number>();
  for await (const { key } of store.list(backupsFolder)) {
    if (isManifest.test(key)) backups.set(chainOf(key), (backups.get(chainOf(key)) ?? 0) + 1);
  }
  return [...backups]
    .map(([name, count]) => ({ name, backups: count }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Removes a chain, the manifests first and the newest of them first: stopped anywhere, what is left of it is a shorter chain
 * with all that it needs, or none. Only under the lease.
 * @throws ArchiveFault.
 */
export async function removeChain(
  chain: string,
  { store }: OpenArchive,
  checkpoint: (name: string) => Promise<void>,
): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of store.list(`${backupsFolder}${chain}/`)) keys.push(key);
  const manifests = keys
    .filter((key) => isManifest.test(key))
    .toSorted()
    .toReversed();
  for (const key of [...manifests, ...keys.filter((key) => !isManifest.test(key))]) {
    await store.delete(key);
    await checkpoint('backup:pruning');
  }
}

/**
 * The backups of a chain, from its first. Each has to name the one before.
 * @throws JobFailed when one is missing or is of another chain; ArchiveFault.
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

/** Records of each month in some backups of a chain together. Pure. */
export function recordsByMonth(backups: readonly StoredBackup[]): ReadonlyMap<MonthYear, number> {
  const records = new Map<MonthYear, number>();
  for (const each of backups.flatMap(({ manifest }) => manifest.months)) {
    records.set(each.month, (records.get(each.month) ?? 0) + each.records);
  }
  return records;
}
