import { randomBytes } from 'node:crypto';
import type { MonthYear } from '../../documents/month.js';
import { ArchiveFault } from '../archive-fault.js';
import { sha256Hex } from '../format/archive-hash.js';
import type { ArchiveKeys } from '../format/archive-keys.js';
import type { ObjectHeader } from '../format/object-header.js';
import { PartCodec } from '../format/part-codec.js';
import type { DocumentsEntry } from './documents-file.js';

/** One backup: what changed since the one before it in its chain, and the state of all rooms at its cut. */
export interface BackupManifest {
  readonly format: 'parlance-backup';
  readonly formatVersion: 1;
  /** Name of the chain: when its first backup began, `20261128T213000Z`. */
  readonly chain: string;
  /** 1 for the first of a chain, which holds everything. */
  readonly sequence: number;
  /** Root hash of the one before; null for the first. */
  readonly previous: string | null;
  /** Month of the cut; stands in the headers of its files. */
  readonly month: MonthYear;
  /** Between these two times of MongoDB's clock every room was cut; ISO 8601. */
  readonly begunAt: string;
  readonly cutAt: string;
  /** Highest epoch of a log that was begun anew (`logEpoch`), Unix milliseconds, 0 for none; a new chain begins when it rises. */
  readonly highestEpoch: number;
  readonly months: readonly BackupMonth[];
  /** Of the whole database, as cut. */
  readonly rooms: DocumentsEntry;
  readonly participants: DocumentsEntry;
  readonly revocations: DocumentsEntry;
  readonly registry: DocumentsEntry;
  /** How far each room was taken. */
  readonly positions: DocumentsEntry;
  /** Since the one before. */
  readonly events: DocumentsEntry;
}

/** The messages of a month that a backup adds: an archive of its own (`ArchiveManifest`). */
export interface BackupMonth {
  readonly month: MonthYear;
  readonly manifest: string;
  readonly rootHash: string;
  readonly records: number;
  /** Ids that were missing between two records of a room. */
  readonly holes: number;
}

/** A manifest as an object, and its root hash, which vouches for all of the backup and for those before it. */
export interface EncodedBackup {
  readonly bytes: Buffer;
  readonly rootHash: string;
}

/** Three lines of JSON: what is needed to read the second, the manifest (encrypted where there is a key), the root hash. */
export function encodeBackup(manifest: BackupManifest, keys: ArchiveKeys): EncodedBackup {
  const salt = keys.current ? randomBytes(32) : Buffer.alloc(32);
  const raw = Buffer.from(JSON.stringify(manifest));
  const envelope: Envelope = {
    format: 'parlance-backup',
    month: manifest.month,
    encryption: keys.current ? { keyId: keys.current.id, salt: salt.toString('base64url') } : null,
    rawLength: raw.length,
  };
  const packed = codecOf(envelope, keys).pack('manifest', raw, 0).toString('base64url');
  const lines = Buffer.from(`${JSON.stringify(envelope)}\n${JSON.stringify(packed)}\n`);
  const rootHash = sha256Hex(lines);
  return { bytes: Buffer.concat([lines, Buffer.from(`${JSON.stringify({ rootHash })}\n`)]), rootHash };
}

/**
 * Reads a manifest and its root hash.
 * @throws ArchiveFault `damaged`, `noKey`, `misused`.
 */
export function decodeBackup(
  bytes: Buffer,
  keys: ArchiveKeys,
  name: string,
): { readonly manifest: BackupManifest; readonly rootHash: string } {
  const end = bytes.indexOf(10, bytes.indexOf(10) + 1) + 1;
  const lines = bytes.subarray(0, end);
  const rootHash = sha256Hex(lines);
  if (end === 0 || bytes.toString('utf8', end) !== `${JSON.stringify({ rootHash })}\n`) {
    throw new ArchiveFault('damaged', `${name} is damaged`);
  }
  const [first = '', second = ''] = lines.toString().split('\n');
  const envelope = JSON.parse(first) as Envelope;
  const stored = Buffer.from(JSON.parse(second) as string, 'base64url');
  const raw = codecOf(envelope, keys).unpack('manifest', stored, 0, envelope.rawLength, name);
  const manifest = JSON.parse(raw.toString()) as BackupManifest;
  if (manifest.format !== 'parlance-backup' || manifest.formatVersion !== 1) {
    throw new ArchiveFault('misused', `${name} is of a format that this release does not read`);
  }
  return { manifest, rootHash };
}

interface Envelope {
  readonly format: 'parlance-backup';
  readonly month: MonthYear;
  readonly encryption: { readonly keyId: string; readonly salt: string } | null;
  readonly rawLength: number;
}

function codecOf({ month, encryption }: Envelope, keys: ArchiveKeys): PartCodec {
  const header: ObjectHeader = {
    kind: 'backup',
    month,
    salt: encryption ? Buffer.from(encryption.salt, 'base64url') : Buffer.alloc(32),
    dictionary: undefined,
    keyId: encryption?.keyId,
  };
  return new PartCodec(header, keys);
}
