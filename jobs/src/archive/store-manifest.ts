import {
  type ArchiveManifest,
  decodeManifest,
  encodeManifest,
  type MonthArchive,
  type SegmentEntry,
} from '@parlance/storage';
import { Long } from 'mongodb';
import type { OpenArchive } from './open-archive.js';

/** What a month's entry says of a copy by itself. */
export type StoredCopy = Pick<MonthArchive, 'manifest' | 'manifestVersion' | 'rootHash' | 'messages' | 'bytes'>;

/**
 * Stores a manifest in a folder and reads it back.
 * @throws ArchiveFault.
 */
export async function storeManifest(
  manifest: ArchiveManifest,
  folder: string,
  { store, keys }: OpenArchive,
): Promise<StoredCopy> {
  const key = `${folder}manifest`;
  const { bytes, rootHash } = encodeManifest(manifest, keys);
  await store.put(key, bytes);
  decodeManifest(await store.get(key), keys, key, rootHash);
  const { manifestVersion, segments, dictionary } = manifest;
  return {
    manifest: key,
    manifestVersion,
    rootHash,
    messages: Long.fromNumber(sum(segments, 'messages')),
    bytes: Long.fromNumber(sum(segments, 'bytes') + (dictionary?.bytes ?? 0) + bytes.length),
  };
}

function sum(segments: readonly SegmentEntry[], name: 'messages' | 'bytes'): number {
  return segments.reduce((all, segment) => all + segment[name], 0);
}
