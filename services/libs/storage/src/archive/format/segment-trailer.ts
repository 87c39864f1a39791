import { createHash } from 'node:crypto';
import { ArchiveFault } from '../archive-fault.js';

/** Bytes of the trailer that a segment ends with. */
export const trailerBytes = 96;

/** Where the root of a segment's index lies, for whoever has nothing but the segment. */
export interface SegmentTrailer {
  readonly root: PartPlace;
  /** SHA-256 of the root as it is stored, 64 hexadecimal digits. */
  readonly rootHash: string;
  readonly blocks: number;
  readonly records: number;
}

/** Where stored bytes lie in their object. */
export interface PartPlace {
  readonly offset: number;
  readonly length: number;
}

const magic = Buffer.from('PRLNEND\x01', 'latin1');

/** The trailer as bytes, see docs/archive-format.md. Its last 32 bytes are the hash of the header and of the bytes before. */
export function encodeTrailer({ root, rootHash, blocks, records }: SegmentTrailer, header: Buffer): Buffer {
  const bytes = Buffer.alloc(trailerBytes);
  bytes.writeBigUInt64LE(BigInt(root.offset), 0);
  bytes.writeUInt32LE(root.length, 8);
  bytes.writeUInt32LE(blocks, 12);
  bytes.writeBigUInt64LE(BigInt(records), 16);
  magic.copy(bytes, 24);
  bytes.write(rootHash, 32, 32, 'hex');
  checkOf(bytes, header).copy(bytes, 64);
  return bytes;
}

/** Reads a trailer. Throws ArchiveFault `damaged` when it is not one, or was not written with this header. */
export function decodeTrailer(bytes: Buffer, header: Buffer, name: string): SegmentTrailer {
  if (bytes.length !== trailerBytes || !bytes.subarray(24, 32).equals(magic)) {
    throw new ArchiveFault('damaged', `${name} does not end as a segment of an archive`);
  }
  if (!checkOf(bytes, header).equals(bytes.subarray(64))) {
    throw new ArchiveFault('damaged', `${name}: the trailer's hash does not fit`);
  }
  return {
    root: { offset: Number(bytes.readBigUInt64LE(0)), length: bytes.readUInt32LE(8) },
    rootHash: bytes.toString('hex', 32, 64),
    blocks: bytes.readUInt32LE(12),
    records: Number(bytes.readBigUInt64LE(16)),
  };
}

function checkOf(bytes: Buffer, header: Buffer): Buffer {
  return createHash('sha256').update(header).update(bytes.subarray(0, 64)).digest();
}
