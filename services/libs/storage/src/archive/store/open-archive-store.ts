import type { ArchiveStore } from './archive-store.js';
import { FileArchiveStore } from './file-archive-store.js';
import type { S3Options } from './s3-options.js';

/** Where archives lie. */
export type ArchivePlace = { readonly driver: 'file'; readonly path: string } | ({ readonly driver: 's3' } & S3Options);

/**
 * The store of a place. The client of S3 costs 30 MiB and is loaded when it is wanted. Does not look whether it answers.
 *
 * @param newId Makes random UUIDs.
 */
export async function openArchiveStore(place: ArchivePlace, newId: () => string): Promise<ArchiveStore> {
  if (place.driver === 'file') return new FileArchiveStore(place.path, newId);
  const { S3ArchiveStore } = await import('./s3-archive-store.js');
  return new S3ArchiveStore(place);
}
