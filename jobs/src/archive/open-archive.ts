import { archiveOptionsOf } from '@parlance/runtime';
import { ArchiveFault, ArchiveKeys, type ArchiveStore, openArchiveStore } from '@parlance/storage';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';

const advice: Readonly<Record<ArchiveFault['trouble'], string>> = {
  unavailable: 'the archive did not answer',
  damaged: 'the archive is damaged',
  missing: 'an object of the archive is missing',
  exists: 'an object stands where a new one was to be put',
  full: 'the archive has no room left',
  noKey: 'a key of the archive is missing in ARCHIVE_KEYS',
  misused: 'the month cannot be archived as it is',
};

/** Where archives lie and what they are encrypted with. */
export interface OpenArchive {
  readonly store: ArchiveStore;
  readonly keys: ArchiveKeys;
}

/** The archive of the configuration; undefined where there is none. Does not look whether it answers. */
export async function openArchive({
  config,
  newId,
}: Pick<JobContext, 'config' | 'newId'>): Promise<OpenArchive | undefined> {
  const options = archiveOptionsOf(config);
  if (!options) return undefined;
  return { store: await openArchiveStore(options.place, newId), keys: new ArchiveKeys(options.keys) };
}

/** Runs work on the archive; what it throws becomes a reason to fail that people can act on. */
export async function onArchive<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof ArchiveFault) throw new JobFailed(`${advice[thrown.trouble]}: ${thrown.message}`);
    throw thrown;
  }
}
