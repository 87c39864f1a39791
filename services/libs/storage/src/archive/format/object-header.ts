import { createHash } from 'node:crypto';
import type { MonthYear } from '../../documents/month.js';
import { ArchiveFault } from '../archive-fault.js';

/** Bytes of the header that segments and dictionaries begin with. */
export const headerBytes = 128;

/** What kind of object a header begins. */
export type ObjectKind = 'segment' | 'dictionary' | 'manifest' | 'documents' | 'backup';

/** What the header of an object tells. */
export interface ObjectHeader {
  readonly kind: ObjectKind;
  readonly month: MonthYear;
  /** 32 random bytes of this object alone; zeros when it is not encrypted. */
  readonly salt: Uint8Array;
  /** SHA-256 of the dictionary's content, 64 hexadecimal digits; undefined when there is none. */
  readonly dictionary: string | undefined;
  /** Which key it is encrypted with; undefined when it is not. */
  readonly keyId: string | undefined;
}

const magics: Readonly<Record<ObjectKind, Buffer>> = {
  segment: Buffer.from('PRLNSEG\x01', 'latin1'),
  dictionary: Buffer.from('PRLNDIC\x01', 'latin1'),
  manifest: Buffer.from('PRLNMAN\x01', 'latin1'),
  documents: Buffer.from('PRLNDOC\x01', 'latin1'),
  backup: Buffer.from('PRLNBAK\x01', 'latin1'),
};

/** The header as bytes; see docs/archive-format.md. It is the additional data of everything encrypted in its object. */
export function encodeHeader({ kind, month, salt, dictionary, keyId }: ObjectHeader): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  magics[kind].copy(bytes, 0);
  bytes.write(month, 8, 8, 'latin1');
  bytes.set(salt, 16);
  if (dictionary !== undefined) bytes.write(dictionary, 48, 32, 'hex');
  if (keyId !== undefined) bytes.write(keyId, 80, 32, 'latin1');
  checkOf(bytes).copy(bytes, 112);
  return bytes;
}

/** Reads a header. Throws ArchiveFault `damaged` when it is not one of the kind, or its own hash does not fit. */
export function decodeHeader(bytes: Buffer, kind: ObjectKind, name: string): ObjectHeader {
  if (bytes.length < headerBytes || !bytes.subarray(0, 8).equals(magics[kind])) {
    throw new ArchiveFault('damaged', `${name} does not begin as a ${kind} of an archive`);
  }
  if (!checkOf(bytes).equals(bytes.subarray(112, headerBytes))) {
    throw new ArchiveFault('damaged', `${name}: the header's hash does not fit`);
  }
  const dictionary = bytes.toString('hex', 48, 80);
  const keyId = bytes.toString('latin1', 80, 112).replace(/\0+$/, '');
  return {
    kind,
    month: bytes.toString('latin1', 8, 15) as MonthYear,
    salt: bytes.subarray(16, 48),
    dictionary: /^0+$/.test(dictionary) ? undefined : dictionary,
    keyId: keyId === '' ? undefined : keyId,
  };
}

function checkOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes.subarray(0, 112)).digest().subarray(0, 16);
}
