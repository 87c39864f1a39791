import { hashText } from '@parlance/proto';

/**
 * Chooses the owner of a room among addresses by highest random weight (Thaler and Ravishankar, 1998): every gateway
 * chooses the same one from the same set, and when an address comes or goes only the rooms that it owns move.
 * Equal weights are settled by the smaller address. Undefined for no addresses. Pure.
 */
export function rendezvous(roomId: string, addresses: Iterable<string>): string | undefined {
  const roomHash = hashText(roomId);
  let best: string | undefined;
  let bestWeight = Number.NEGATIVE_INFINITY;
  for (const address of addresses) {
    // The first mixing keeps similar addresses apart.
    const weight = mix(roomHash ^ mix(hashText(address)));
    // Stryker disable next-line EqualityOperator: an address that comes twice is the same one
    const isSmaller = address < (best ?? '');
    if (weight > bestWeight || (weight === bestWeight && isSmaller)) {
      best = address;
      bestWeight = weight;
    }
  }
  return best;
}

/** MurmurHash3's 32-bit finalizer: FNV-1a alone leaves similar texts with similar weights. */
function mix(hash: number): number {
  let mixed = hash >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
