import { beforeAll, expect, it } from 'vitest';
import { faultsOf } from '../../test/fixtures/collected.js';
import { MemoryArchiveStore } from '../../test/fixtures/memory-archive-store.js';
import { sampleRoom, writeSample } from '../../test/fixtures/sample-month.js';
import { type Damage, damageOf, seededNumbers } from '../../test/fixtures/spoil-archive.js';
import type { SlotDocument } from '../documents/message-document.js';
import { ArchiveFault } from './archive-fault.js';
import { ArchiveKeys } from './format/archive-keys.js';
import { ArchiveReader, type ArchiveReference } from './read/archive-reader.js';
import { ArchiveWalk } from './read/walk-archive.js';
import { canonicalLine } from './records/canonical-line.js';

const rooms = ['alpha', 'beta', 'gamma', 'ψ'];
const slots = rooms.flatMap((roomId, index) => sampleRoom(roomId, 12 + index, 1 + 10 * index));
const dictionary = Buffer.from(slots.slice(0, 20).map(canonicalLine).join('\n'));
const secret = new Uint8Array(32).fill(7);
const kinds = [
  { name: 'plain', keys: new ArchiveKeys() },
  { name: 'with a dictionary', keys: new ArchiveKeys(), dictionary },
  { name: 'encrypted', keys: new ArchiveKeys([{ id: '2026', secret }]), dictionary },
];

/** An archive, and one of other records in the same store, whose objects may be put in place of its own. */
interface Sample {
  readonly reference: ArchiveReference;
  readonly store: MemoryArchiveStore;
  readonly keys: ArchiveKeys;
}

let samples: readonly Sample[];

beforeAll(async () => {
  samples = await Promise.all(
    kinds.map(async ({ keys, dictionary }) => {
      const store = new MemoryArchiveStore();
      const options = {
        keys,
        segmentBytes: 2_500,
        limits: { bytes: 4_000, records: 12 },
        ...(dictionary ? { dictionary } : {}),
      };
      const reference = await writeSample(store, slots, { ...options, folder: 'mine' });
      await writeSample(store, slots.map(otherwise), { ...options, folder: 'other' });
      return { reference, store, keys };
    }),
  );
});

it('finds each of 10,000 damages when it is checked, and has no other complaint', async () => {
  const numbers = seededNumbers(20_260_301);
  const missed: string[] = [];
  const strange: unknown[] = [];
  for (let count = 0; count < 10_000; count++) {
    const sample = samples[count % samples.length] as Sample;
    const damage = damageOf(sample.store, 'mine/', 'other/', numbers);
    const found = await whileDamaged(sample, damage, () => firstFault(sample));
    if (found === undefined) missed.push(damage.what);
    else if (!(found instanceof ArchiveFault) || !['damaged', 'missing'].includes(found.trouble)) strange.push(found);
  }
  expect({ missed, strange }).toEqual({ missed: [], strange: [] });
  for (const sample of samples) expect(await firstFault(sample)).toBeUndefined();
});

it('never gives a record that is not the one archived, whatever was damaged', async () => {
  const numbers = seededNumbers(77);
  let refused = 0;
  for (let count = 0; count < 1_500; count++) {
    const sample = samples[count % samples.length] as Sample;
    const damage = damageOf(sample.store, 'mine/', 'other/', numbers);
    await whileDamaged(sample, damage, async () => {
      for (const roomId of rooms) {
        try {
          const month = await new ArchiveReader(sample.store, sample.keys, 1_000_000).openMonth(sample.reference);
          const read = await month.readRange(roomId, 1, 1_000);
          expect([damage.what, ...read.map(canonicalLine)]).toEqual([damage.what, ...linesOf(roomId)]);
        } catch (thrown) {
          if (!(thrown instanceof ArchiveFault)) throw thrown;
          refused++;
        }
      }
    });
  }
  expect(refused).toBeGreaterThan(1_000);
});

it('does not give a block from a place that changed after the index was read', async () => {
  for (const { store, keys, reference } of samples) {
    const month = await new ArchiveReader(store, keys, 1_000_000).openMonth(reference);
    await month.readRange('alpha', 1, 2);
    const key = 'mine/0.segment';
    const sound = store.objects.get(key) as Buffer;
    store.objects.set(key, store.objects.get('other/0.segment') as Buffer);
    await expect(month.readRange('beta', 11, 22)).rejects.toMatchObject({ trouble: 'damaged' });
    store.objects.set(key, sound);
    expect((await month.readRange('beta', 11, 22)).map(canonicalLine)).toEqual(linesOf('beta').slice(0, 12));
  }
});

async function firstFault({ store, keys, reference }: Sample): Promise<unknown> {
  try {
    const walk = await ArchiveWalk.open(reference, store, keys);
    return (await faultsOf(walk))[0];
  } catch (thrown) {
    return thrown;
  }
}

async function whileDamaged<Result>(
  { store }: Sample,
  { key, bytes }: Damage,
  work: () => Promise<Result>,
): Promise<Result> {
  const sound = store.objects.get(key) as Buffer;
  if (bytes) store.objects.set(key, bytes);
  else store.objects.delete(key);
  try {
    return await work();
  } finally {
    store.objects.set(key, sound);
  }
}

function otherwise(slot: SlotDocument): SlotDocument {
  return slot.kind === undefined ? { ...slot, content: slot.content.replace('thing', 'think') } : slot;
}

function linesOf(roomId: string): string[] {
  return slots.filter((slot) => slot.roomId === roomId).map(canonicalLine);
}
