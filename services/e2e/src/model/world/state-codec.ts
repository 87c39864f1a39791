import { type Bounds, messageCount } from '../bounds.js';
import { withRenamed } from './detached-command.js';
import { event, eventId, eventMessage } from './event.js';
import { contentOf, renamedContent, slotEntry, slotOf } from './slot-entry.js';
import { type Collection, faults, type Pod, type World } from './world.js';
import { writerPermutations } from './writer-permutations.js';

const maxBytes = 256;

/**
 * Turns worlds into short byte strings and back. Worlds that differ only in which of two pods, or of two writers with
 * equally many messages, is which have one encoding: nothing in the model tells those apart, so whatever one of them
 * can lead to, the other can too.
 */
export class StateCodec {
  private readonly permutations: readonly (readonly number[])[];
  private readonly count: number;
  private readonly withViewer: boolean;
  private bytes = new Uint8Array(maxBytes);
  private least = new Uint8Array(maxBytes);
  private readonly commands: number[] = [];
  private length = 0;
  private at = 0;

  constructor(bounds: Bounds) {
    this.permutations = writerPermutations(bounds);
    this.count = messageCount(bounds);
    this.withViewer = bounds.viewer === 1;
  }

  /** The encoding; it is overwritten by the next call. */
  encode(world: World): Uint8Array {
    let leastLength = 0;
    const [one, two] = world.pods;
    const order = keyOf(one) - keyOf(two);
    const lastFirst = order < 0 ? 0 : 1;
    for (const rename of this.permutations) {
      for (let first = order > 0 ? 1 : 0; first <= lastFirst; first++) {
        this.write(world, rename, first);
        if (leastLength > 0 && !this.isLess(leastLength)) continue;
        [this.least, this.bytes] = [this.bytes, this.least];
        leastLength = this.length;
      }
    }
    return this.least.subarray(0, leastLength);
  }

  /** Makes `world` the one that is encoded from `offset` on. */
  decode(from: Uint8Array, offset: number, world: World): void {
    this.at = offset;
    const next = (): number => from[this.at++] as number;
    const low = next() | (next() << 8);
    for (let index = 0; index < faults.length; index++)
      world.left[faults[index] as 'crashes'] = (low >> (2 * index)) & 3;
    for (let message = 0; message < this.count; message++) {
      const byte = next();
      const client = world.clients[message];
      if (client === undefined) continue;
      client.status = byte & 3;
      client.pod = (byte >> 2) & 1;
      client.tag = (byte >> 3) & 3;
      client.ackedId = byte >> 5;
    }
    const flags = next();
    world.orderVoid = flags & 1;
    world.counter = (flags >> 1) & 7;
    world.chain.committed = (flags >> 4) & 1;
    world.chain.stale = (flags >> 5) & 1;
    world.chain.firstId = next();
    for (const month of world.months) {
      const size = next();
      month.committed = size >> 4;
      month.stale = next();
      this.readList(from, month.entries, size & 15);
    }
    for (const pod of world.pods) this.readPod(from, pod);
    const commands = next();
    world.detached.length = commands;
    for (let index = 0; index < commands; index++)
      world.detached[index] = next() | (next() << 8) | (next() << 16) | (next() << 24);
    if (this.withViewer) this.readViewer(from, world.viewer);
  }

  private readPod(from: Uint8Array, pod: Pod): void {
    const place = from[this.at++] as number;
    pod.clock = place & 1;
    pod.month = (place >> 1) & 1;
    pod.stage = (place >> 2) & 3;
    pod.head = place >> 4;
    const batch = from[this.at++] as number;
    pod.batch = batch & 7;
    pod.landed = batch >> 3;
    const rest = from[this.at++] as number;
    pod.refused = rest & 15;
    this.readList(from, pod.queue, rest >> 4);
  }

  private readViewer(from: Uint8Array, viewer: World['viewer']): void {
    const place = from[this.at++] as number;
    viewer.presence = place & 3;
    viewer.subscribed = (place >> 2) & 1;
    viewer.resume = (place >> 3) & 3;
    viewer.page = place >> 5;
    const heads = from[this.at++] as number;
    viewer.head = heads & 7;
    viewer.wanted = heads >> 3;
    const sizes = from[this.at++] as number;
    this.readList(from, viewer.events, sizes & 15);
    this.readList(from, viewer.held, sizes >> 4);
    this.readList(from, viewer.shown, viewer.shown.length);
  }

  private readList(from: Uint8Array, list: number[], length: number): void {
    list.length = length;
    for (let index = 0; index < length; index++) list[index] = from[this.at++] as number;
  }

  /** Encodes with messages renamed and the pod `first` in the first place. */
  private write(world: World, rename: readonly number[], first: number): void {
    const { bytes } = this;
    let at = 0;
    let low = 0;
    for (let index = 0; index < faults.length; index++) low |= world.left[faults[index] as 'crashes'] << (2 * index);
    bytes[at++] = low & 255;
    bytes[at++] = low >> 8;
    for (let message = 0; message < this.count; message++) {
      const client = world.clients[message];
      if (client === undefined) continue;
      const pod = client.status === 1 ? client.pod ^ first : 0;
      bytes[at + (rename[message] as number)] = client.status | (pod << 2) | (client.tag << 3) | (client.ackedId << 5);
    }
    at += this.count;
    const { chain } = world;
    bytes[at++] = world.orderVoid | (world.counter << 1) | (chain.committed << 4) | (chain.stale << 5);
    bytes[at++] = chain.firstId;
    at = this.writeMonth(world.months[0], rename, at);
    at = this.writeMonth(world.months[1], rename, at);
    at = this.writePod(world.pods[first as 0 | 1], rename, at);
    at = this.writePod(world.pods[(first ^ 1) as 0 | 1], rename, at);
    at = this.writeDetached(world.detached, rename, at);
    if (this.withViewer) at = this.writeViewer(world.viewer, rename, at);
    this.length = at;
  }

  private writeMonth({ entries, committed, stale }: Collection, rename: readonly number[], start: number): number {
    let at = start;
    this.bytes[at++] = entries.length | (committed << 4);
    this.bytes[at++] = stale;
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index] as number;
      this.bytes[at++] = slotEntry(slotOf(entry), renamedContent(contentOf(entry), rename));
    }
    return at;
  }

  private writePod(pod: Pod, rename: readonly number[], start: number): number {
    let at = start;
    const { queue } = pod;
    this.bytes[at++] = pod.clock | (pod.month << 1) | (pod.stage << 2) | (pod.head << 4);
    this.bytes[at++] = pod.batch | (pod.landed << 3);
    this.bytes[at++] = pod.refused | (queue.length << 4);
    for (let index = 0; index < queue.length; index++) {
      const entry = queue[index] as number;
      this.bytes[at++] = (entry & ~3) | (rename[entry & 3] as number);
    }
    return at;
  }

  private writeDetached(detached: readonly number[], rename: readonly number[], start: number): number {
    let at = start;
    this.bytes[at++] = detached.length;
    if (detached.length === 0) return at;
    const { commands } = this;
    commands.length = 0;
    for (const command of detached) commands.push(withRenamed(command, rename));
    if (commands.length > 1) commands.sort(ascending);
    for (const command of commands)
      for (let shift = 0; shift < 32; shift += 8) this.bytes[at++] = (command >> shift) & 255;
    return at;
  }

  private writeViewer(viewer: World['viewer'], rename: readonly number[], start: number): number {
    let at = start;
    const { bytes } = this;
    bytes[at++] = viewer.presence | (viewer.subscribed << 2) | (viewer.resume << 3) | (viewer.page << 5);
    bytes[at++] = viewer.head | (viewer.wanted << 3);
    bytes[at++] = viewer.events.length | (viewer.held.length << 4);
    const events = at;
    for (const code of viewer.events) bytes[at++] = event(eventId(code), rename[eventMessage(code)] as number);
    if (at - events > 1) bytes.subarray(events, at).sort(); // They may arrive in any order.
    for (const code of viewer.held) bytes[at++] = event(eventId(code), rename[eventMessage(code)] as number);
    for (const shown of viewer.shown) bytes[at++] = shown === 0 ? 0 : (rename[shown - 1] as number) + 1;
    return at;
  }

  private isLess(leastLength: number): boolean {
    if (this.length !== leastLength) return this.length < leastLength;
    for (let index = 0; index < leastLength; index++) {
      const difference = (this.bytes[index] as number) - (this.least[index] as number);
      if (difference !== 0) return difference < 0;
    }
    return false;
  }
}

/** Something about a pod that does not change when messages are renamed. */
function keyOf({ clock, stage, month, head, batch, queue }: Pod): number {
  return clock | (stage << 1) | (month << 3) | (head << 4) | (batch << 7) | (queue.length << 10);
}

function ascending(left: number, right: number): number {
  return left - right;
}
