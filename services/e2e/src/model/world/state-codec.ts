import { type Bounds, messageCount } from '../bounds.js';
import { shorten } from './copy-world.js';
import { withRenamed } from './detached-command.js';
import { event, eventId, eventMessage } from './event.js';
import { contentOf, renamedContent, slotEntry, slotOf } from './slot-entry.js';
import {
  type Client,
  type Collection,
  type Fault,
  faults,
  type Pod,
  type Viewer,
  type World,
  waiting,
} from './world.js';
import { writerPermutations } from './writer-permutations.js';

const maxBytes = 256;

/** The first `length` of the bytes. */
export interface Encoding {
  readonly bytes: Uint8Array;
  length: number;
}

/**
 * Turns worlds into short byte strings and back. Worlds that differ only in which of two pods, or of two writers with
 * equally many messages, is which have one encoding: nothing in the model tells those apart, so whatever one of them
 * can lead to, the other can too.
 */
export class StateCodec {
  private readonly permutations: readonly (readonly number[])[];
  private readonly count: number;
  private readonly withViewer: boolean;
  private draft = newEncoding();
  private least = newEncoding();
  private readonly commands: number[] = [];
  private at = 0;

  constructor(bounds: Bounds) {
    this.permutations = writerPermutations(bounds);
    this.count = messageCount(bounds);
    this.withViewer = bounds.viewer === 1;
  }

  /** The encoding; it is overwritten by the next call. All ways to name pods and writers give equally many bytes. */
  encode(world: World): Encoding {
    const [one, two] = world.pods;
    const order = keyOf(one) - keyOf(two);
    const lastFirst = order < 0 ? 0 : 1;
    let isFirst = true;
    for (const rename of this.permutations) {
      for (let first = order > 0 ? 1 : 0; first <= lastFirst; first++) {
        const end = this.writeClients(world.clients, rename, first);
        if (!isFirst && this.compare(0, end) > 0) continue;
        this.writeRest(world, rename, first, end);
        if (!isFirst && this.compare(0, this.draft.length) >= 0) continue;
        [this.least, this.draft] = [this.draft, this.least];
        isFirst = false;
      }
    }
    return this.least;
  }

  /** Makes `world` the one that is encoded from `offset` on. */
  decode(from: Uint8Array, offset: number, world: World): void {
    this.at = offset;
    const next = (): number => from[this.at++] as number;
    for (let message = 0; message < this.count; message++) {
      const byte = next();
      const client = world.clients[message];
      if (client === undefined) continue;
      client.status = byte & 3;
      client.pod = (byte >> 2) & 1;
      client.tag = (byte >> 3) & 3;
      client.ackedId = byte >> 5;
    }
    const low = next() | (next() << 8);
    for (let index = 0; index < faults.length; index++) world.left[faults[index] as Fault] = (low >> (2 * index)) & 3;
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
    shorten(world.detached, commands);
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
    for (let index = 0; index < length; index++) list[index] = from[this.at++] as number;
    shorten(list, length);
  }

  /**
   * Encodes with messages renamed and the pod `first` in the first place: here the clients, by which most namings are
   * told apart already.
   */
  private writeClients(clients: readonly Client[], rename: readonly number[], first: number): number {
    const { bytes } = this.draft;
    for (let message = 0; message < clients.length; message++) {
      const { status, pod, tag, ackedId } = clients[message] as Client;
      const place = status === waiting ? pod ^ first : 0;
      bytes[rename[message] as number] = status | (place << 2) | (tag << 3) | (ackedId << 5);
    }
    return clients.length;
  }

  private writeRest(world: World, rename: readonly number[], first: number, start: number): void {
    const { bytes } = this.draft;
    const { chain } = world;
    const left = faultBits(world.left);
    let at = start;
    bytes[at++] = left & 255;
    bytes[at++] = left >> 8;
    bytes[at++] = world.orderVoid | (world.counter << 1) | (chain.committed << 4) | (chain.stale << 5);
    bytes[at++] = chain.firstId;
    at = writeMonth(bytes, world.months[0], rename, at);
    at = writeMonth(bytes, world.months[1], rename, at);
    at = writePod(bytes, world.pods[first as 0 | 1], rename, at);
    at = writePod(bytes, world.pods[(first ^ 1) as 0 | 1], rename, at);
    at = this.writeDetached(world.detached, rename, at);
    if (this.withViewer) at = writeViewer(bytes, world.viewer, rename, at);
    this.draft.length = at;
  }

  private writeDetached(detached: readonly number[], rename: readonly number[], start: number): number {
    const { bytes } = this.draft;
    const { commands } = this;
    let at = start;
    bytes[at++] = detached.length;
    for (let index = 0; index < detached.length; index++) {
      commands[index] = withRenamed(detached[index] as number, rename);
      sink(commands, 0, index);
    }
    for (let index = 0; index < detached.length; index++)
      for (let shift = 0; shift < 32; shift += 8) bytes[at++] = ((commands[index] as number) >> shift) & 255;
    return at;
  }

  /** Below 0 where the draft is less, above it where it is more. */
  private compare(start: number, end: number): number {
    for (let index = start; index < end; index++) {
      const difference = (this.draft.bytes[index] as number) - (this.least.bytes[index] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

function newEncoding(): Encoding {
  return { bytes: new Uint8Array(maxBytes), length: 0 };
}

function writeMonth(bytes: Uint8Array, month: Collection, rename: readonly number[], start: number): number {
  const { entries, committed, stale } = month;
  let at = start;
  bytes[at++] = entries.length | (committed << 4);
  bytes[at++] = stale;
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index] as number;
    bytes[at++] = slotEntry(slotOf(entry), renamedContent(contentOf(entry), rename));
  }
  return at;
}

function writePod(bytes: Uint8Array, pod: Pod, rename: readonly number[], start: number): number {
  const { queue } = pod;
  let at = start;
  bytes[at++] = pod.clock | (pod.month << 1) | (pod.stage << 2) | (pod.head << 4);
  bytes[at++] = pod.batch | (pod.landed << 3);
  bytes[at++] = pod.refused | (queue.length << 4);
  for (let index = 0; index < queue.length; index++) {
    const entry = queue[index] as number;
    bytes[at++] = (entry & ~3) | (rename[entry & 3] as number);
  }
  return at;
}

function writeViewer(bytes: Uint8Array, viewer: Viewer, rename: readonly number[], start: number): number {
  let at = start;
  bytes[at++] = viewer.presence | (viewer.subscribed << 2) | (viewer.resume << 3) | (viewer.page << 5);
  bytes[at++] = viewer.head | (viewer.wanted << 3);
  bytes[at++] = viewer.events.length | (viewer.held.length << 4);
  const events = at;
  for (const code of viewer.events) {
    bytes[at] = event(eventId(code), rename[eventMessage(code)] as number);
    sink(bytes, events, at++); // They may arrive in any order.
  }
  for (const code of viewer.held) bytes[at++] = event(eventId(code), rename[eventMessage(code)] as number);
  for (const shown of viewer.shown) bytes[at++] = shown === 0 ? 0 : (rename[shown - 1] as number) + 1;
  return at;
}

/** Moves the last number of a list, which begins at `start` and is sorted but for it, to its place. */
function sink(list: number[] | Uint8Array, start: number, last: number): void {
  const number = list[last] as number;
  let at = last;
  for (; at > start && (list[at - 1] as number) > number; at--) list[at] = list[at - 1] as number;
  list[at] = number;
}

function faultBits(left: World['left']): number {
  const { crashes, failovers, clockSteps, timeouts, giveUps, lostEvents, absences, counterSteps } = left;
  const first = crashes | (failovers << 2) | (clockSteps << 4) | (timeouts << 6);
  return first | (giveUps << 8) | (lostEvents << 10) | (absences << 12) | (counterSteps << 14);
}

/** Something about a pod that does not change when messages are renamed. */
function keyOf({ clock, stage, month, head, batch, queue }: Pod): number {
  return clock | (stage << 1) | (month << 3) | (head << 4) | (batch << 7) | (queue.length << 10);
}
