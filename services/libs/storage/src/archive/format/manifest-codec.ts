import { randomBytes } from 'node:crypto';
import type { MonthYear } from '../../documents/month.js';
import { ArchiveFault } from '../archive-fault.js';
import { sha256Hex } from './archive-hash.js';
import type { ArchiveKeys } from './archive-keys.js';
import type { ArchiveManifest } from './manifest.js';
import { PartCodec } from './part-codec.js';

/** A manifest as an object, and its root hash. */
export interface EncodedManifest {
  readonly bytes: Buffer;
  /** SHA-256 of the first line with its line feed, 64 hexadecimal digits. It vouches for the whole archive. */
  readonly rootHash: string;
}

/**
 * Two lines of JSON: the manifest, or where there is a key an envelope with the manifest encrypted, and the root hash of
 * the line before.
 */
export function encodeManifest(manifest: ArchiveManifest, keys: ArchiveKeys): EncodedManifest {
  const line = Buffer.from(
    `${JSON.stringify(keys.current ? envelopeOf(manifest, keys, keys.current.id) : manifest)}\n`,
  );
  const rootHash = sha256Hex(line);
  return { bytes: Buffer.concat([line, Buffer.from(`${JSON.stringify({ rootHash })}\n`)]), rootHash };
}

/**
 * Reads a manifest. With `rootHash`, the one that MongoDB holds, it has to be just that; without it only damage is
 * found.
 * @throws ArchiveFault `damaged` or `noKey`.
 */
export function decodeManifest(bytes: Buffer, keys: ArchiveKeys, name: string, rootHash?: string): ArchiveManifest {
  const end = bytes.indexOf(10) + 1;
  const line = bytes.subarray(0, end);
  const found = sha256Hex(line);
  const told = `${JSON.stringify({ rootHash: found })}\n`;
  if (end === 0 || bytes.toString('utf8', end) !== told) throw new ArchiveFault('damaged', `${name} is damaged`);
  if (rootHash !== undefined && found !== rootHash) {
    throw new ArchiveFault('damaged', `${name} has root hash ${found}, not ${rootHash}`);
  }
  const read = JSON.parse(line.toString()) as ArchiveManifest | Envelope;
  const manifest = 'sealed' in read ? openEnvelope(read, keys, name) : read;
  if (manifest.format !== 'parlance-archive' || manifest.formatVersion !== 1) {
    throw new ArchiveFault('misused', `${name} is of a format that this release does not read`);
  }
  return manifest;
}

/** A manifest that is encrypted. */
interface Envelope {
  readonly format: 'parlance-archive';
  readonly formatVersion: 1;
  readonly month: MonthYear;
  readonly encryption: { readonly keyId: string; readonly salt: string };
  readonly rawLength: number;
  /** base64url. */
  readonly sealed: string;
}

function envelopeOf(manifest: ArchiveManifest, keys: ArchiveKeys, keyId: string): Envelope {
  const salt = randomBytes(32);
  const raw = Buffer.from(JSON.stringify(manifest));
  const codec = codecOf({ month: manifest.month, encryption: { keyId, salt: salt.toString('base64url') } }, keys);
  return {
    format: 'parlance-archive',
    formatVersion: 1,
    month: manifest.month,
    encryption: { keyId, salt: salt.toString('base64url') },
    rawLength: raw.length,
    sealed: codec.pack('manifest', raw, 0).toString('base64url'),
  };
}

function openEnvelope(envelope: Envelope, keys: ArchiveKeys, name: string): ArchiveManifest {
  const stored = Buffer.from(envelope.sealed, 'base64url');
  return JSON.parse(
    codecOf(envelope, keys).unpack('manifest', stored, 0, envelope.rawLength, name).toString(),
  ) as ArchiveManifest;
}

function codecOf({ month, encryption }: Pick<Envelope, 'month' | 'encryption'>, keys: ArchiveKeys): PartCodec {
  const salt = Buffer.from(encryption.salt, 'base64url');
  return new PartCodec({ kind: 'manifest', month, salt, dictionary: undefined, keyId: encryption.keyId }, keys);
}
