import type { Encoding } from './state-codec.js';

const blockBytes = 1 << 24;

/**
 * The states that were visited: their encodings one after the other in large blocks, and a hash table over them. Whole
 * encodings are compared, so no state is ever taken for another. Also remembers from which state each was reached.
 */
export class StateStore {
  /** States stored. */
  size = 0;
  private blocks: Uint8Array[] = [];
  private free = blockBytes;
  private offsets = new Float64Array(1 << 16);
  private lengths = new Uint8Array(1 << 16);
  private hashes = new Int32Array(1 << 16);
  private parents = new Int32Array(1 << 16);
  private table = new Int32Array(1 << 17);

  /** Stores a state unless it is known. True when it is new; its number is then `size - 1`. */
  add(state: Encoding, parent: number): boolean {
    const hash = hashOf(state);
    const mask = this.table.length - 1;
    let place = hash & mask;
    for (let found = this.table[place] as number; found !== 0; found = this.table[place] as number) {
      if (this.hashes[found - 1] === hash && this.equals(found - 1, state)) return false;
      place = (place + 1) & mask;
    }
    this.append(state, hash, parent);
    this.table[place] = this.size;
    if (this.size * 2 > this.table.length) this.widen();
    return true;
  }

  /** The number of a state that is stored, or -1. */
  find(state: Encoding): number {
    const hash = hashOf(state);
    const mask = this.table.length - 1;
    let place = hash & mask;
    for (let found = this.table[place] as number; found !== 0; found = this.table[place] as number) {
      if (this.hashes[found - 1] === hash && this.equals(found - 1, state)) return found - 1;
      place = (place + 1) & mask;
    }
    return -1;
  }

  /** The block that holds a state, and where in it the state begins. */
  locate(index: number): { readonly block: Uint8Array; readonly start: number } {
    const offset = this.offsets[index] as number;
    return { block: this.blocks[Math.floor(offset / blockBytes)] as Uint8Array, start: offset % blockBytes };
  }

  /** The state's bytes. */
  read(index: number): Uint8Array {
    const { block, start } = this.locate(index);
    return block.subarray(start, start + (this.lengths[index] as number));
  }

  /** The numbers of the states on the way from the first one to this one, both included. */
  path(index: number): readonly number[] {
    const path: number[] = [];
    for (let at = index; at >= 0; at = this.parents[at] as number) path.push(at);
    return path.toReversed();
  }

  /** Bytes that all this takes. */
  get bytes(): number {
    const arrays = [this.offsets, this.lengths, this.hashes, this.parents, this.table];
    return arrays.reduce((sum, array) => sum + array.byteLength, this.blocks.length * blockBytes);
  }

  private append(state: Encoding, hash: number, parent: number): void {
    if (this.free + state.length > blockBytes) {
      this.blocks.push(new Uint8Array(blockBytes));
      this.free = 0;
    }
    if (this.size === this.lengths.length) this.lengthen();
    this.offsets[this.size] = (this.blocks.length - 1) * blockBytes + this.free;
    this.lengths[this.size] = state.length;
    this.hashes[this.size] = hash;
    this.parents[this.size] = parent;
    const block = this.blocks.at(-1) as Uint8Array;
    for (let at = 0; at < state.length; at++) block[this.free + at] = state.bytes[at] as number;
    this.free += state.length;
    this.size += 1;
  }

  private equals(index: number, state: Encoding): boolean {
    if (this.lengths[index] !== state.length) return false;
    const { block, start } = this.locate(index);
    for (let at = 0; at < state.length; at++) if (block[start + at] !== state.bytes[at]) return false;
    return true;
  }

  private lengthen(): void {
    const length = this.size * 2;
    const longer = <Numbers extends Float64Array | Uint8Array | Int32Array>(old: Numbers, larger: Numbers): Numbers => {
      larger.set(old);
      return larger;
    };
    this.offsets = longer(this.offsets, new Float64Array(length));
    this.lengths = longer(this.lengths, new Uint8Array(length));
    this.hashes = longer(this.hashes, new Int32Array(length));
    this.parents = longer(this.parents, new Int32Array(length));
  }

  private widen(): void {
    this.table = new Int32Array(this.table.length * 2);
    const mask = this.table.length - 1;
    for (let index = 0; index < this.size; index++) {
      let place = (this.hashes[index] as number) & mask;
      while (this.table[place] !== 0) place = (place + 1) & mask;
      this.table[place] = index + 1;
    }
  }
}

/** FNV-1a with MurmurHash3's finalizer. */
function hashOf(state: Encoding): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < state.length; at++) hash = Math.imul(hash ^ (state.bytes[at] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
