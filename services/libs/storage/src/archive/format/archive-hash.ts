import { createHash } from 'node:crypto';

/** SHA-256 of bytes, 64 hexadecimal digits. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The first 128 bits of SHA-256 of bytes, 22 characters of base64url: the hash of a part in an index row. */
export function partHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest().subarray(0, 16).toString('base64url');
}
