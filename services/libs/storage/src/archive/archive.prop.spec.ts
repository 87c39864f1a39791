import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { BSON, Double, Int32, Long, ObjectId } from 'mongodb';
import { expect, it } from 'vitest';
import { collected, faultsOf } from '../../test/fixtures/collected.js';
import { MemoryArchiveStore } from '../../test/fixtures/memory-archive-store.js';
import { sampleMonth, writeSample } from '../../test/fixtures/sample-month.js';
import type { SlotDocument } from '../documents/message-document.js';
import { ArchiveKeys } from './format/archive-keys.js';
import { ArchiveReader } from './read/archive-reader.js';
import { ArchiveWalk } from './read/walk-archive.js';
import { canonicalLine } from './records/canonical-line.js';
import { parseLine } from './records/parse-line.js';
import { compareRoomIds } from './records/slot-order.js';

/** A character of Unicode. `unit: 'binary'` means the same, and makes a table of a million of them first. */
const character = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));
const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const hexId = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes));
const someId = fc.oneof(hexId, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }));
const anyCase = (texts: fc.Arbitrary<string>) =>
  fc.oneof(
    texts,
    texts.map((some) => some.toUpperCase()),
  );
const hexText = fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: 30, maxLength: 34 });
const clientId = fc.oneof(text, anyCase(fc.uuid()), anyCase(hexText));
const base64Text = fc.uint8Array({ minLength: 15, maxLength: 18 }).map((bytes) => Buffer.from(bytes));
const hashText = fc.string({ unit: fc.constantFrom(...Array.from('AZaz09-_+/')), minLength: 21, maxLength: 23 });
const bodyHash = fc.oneof(
  text,
  hashText,
  base64Text.map((bytes) => bytes.toString('base64')),
  base64Text.map((bytes) => bytes.toString('base64url')),
);
const time = fc.date({ min: new Date('2026-03-01'), max: new Date('2026-04-01'), noInvalidDate: true });
const value = fc.oneof(
  text,
  fc.boolean(),
  time,
  hexId,
  fc.integer().map((number) => new Int32(number)),
  fc.double({ noNaN: true }).map((number) => new Double(number)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((number) => Long.fromBigInt(number)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => new BSON.Binary(bytes)),
);
const more = fc.record(
  {
    reactions: fc.dictionary(fc.constantFrom('like', 'wow', '👍'), fc.array(value, { maxLength: 3 })),
    rev: value,
    enc: value,
  },
  { requiredKeys: [] },
);
const message = fc
  .record({
    fixed: fc.record(
      {
        _id: someId,
        timestamp: time,
        senderId: text,
        clientMessageId: clientId,
        bodyHash,
        content: fc.oneof(text, fc.constant('x'.repeat(70_000))),
        messageType: fc.constantFrom('text', 'image', 'file'),
        metadata: fc.json(),
      },
      { requiredKeys: ['_id', 'timestamp', 'senderId', 'clientMessageId', 'bodyHash', 'content', 'messageType'] },
    ),
    more,
  })
  .map(({ fixed, more }) => ({ ...fixed, ...more }));
const mark = fc.record({ _id: someId, timestamp: time, kind: fc.constantFrom('seal', 'void') });
const room = fc.record({
  roomId: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  firstId: fc.integer({ min: 1, max: 2 ** 40 }),
  slots: fc.array(fc.oneof({ weight: 5, arbitrary: message }, mark), { minLength: 1, maxLength: 25 }),
});
const month = fc
  .uniqueArray(room, { selector: ({ roomId }) => roomId.normalize(), minLength: 1, maxLength: 6 })
  .map((rooms) =>
    rooms
      .toSorted((one, other) => compareRoomIds(one.roomId, other.roomId))
      .flatMap(({ roomId, firstId, slots }) =>
        slots.map((slot, index) => ({
          ...slot,
          monthYear: sampleMonth,
          roomId,
          messageId: Long.fromNumber(firstId + index),
        })),
      ),
  );
const sizes = fc.record({
  limits: fc.record({ bytes: fc.integer({ min: 1, max: 4_000 }), records: fc.integer({ min: 1, max: 10 }) }),
  segmentBytes: fc.integer({ min: 2_000, max: 20_000 }),
});
const keys = fc.constantFrom(new ArchiveKeys(), new ArchiveKeys([{ id: 'k1', secret: randomBytes(32) }]));
const dictionary = fc.option(fc.uint8Array({ minLength: 8, maxLength: 500 }), { nil: undefined });

it('gives every record back as it was, read by ranges and from beginning to end', async () => {
  await fc.assert(
    fc.asyncProperty(month, sizes, keys, dictionary, async (slots, sizes, keys, content) => {
      const written = slots as unknown as SlotDocument[];
      const store = new MemoryArchiveStore();
      const options = { keys, ...sizes, ...(content ? { dictionary: Buffer.from(content) } : {}) };
      const reference = await writeSample(store, written, options);

      const walk = await ArchiveWalk.open(reference, store, keys);
      const walked: SlotDocument[] = [];
      for (const segment of walk.manifest.segments) walked.push(...(await collected(walk.records(segment))));
      expect(walked.map(bytesOf)).toEqual(written.map(bytesOf));
      expect(await faultsOf(walk)).toEqual([]);

      const opened = await new ArchiveReader(store, keys, 100_000).openMonth(reference);
      for (const [index, slot] of written.entries()) {
        const [from, to] = [Number(slot.messageId), Number(slot.messageId) + 7];
        const wanted = written
          .slice(index)
          .filter(({ roomId, messageId }) => roomId === slot.roomId && Number(messageId) <= to);
        expect((await opened.readRange(slot.roomId, from, to)).map(bytesOf)).toEqual(wanted.map(bytesOf));
      }
    }),
    { numRuns: 15 },
  );
});

it('gives one line for one document, and the document for the line', () => {
  fc.assert(
    fc.property(message, fc.integer({ min: 1, max: 2 ** 50 }), text, (fields, id, roomId) => {
      const slot = {
        ...fields,
        roomId,
        monthYear: sampleMonth,
        messageId: Long.fromNumber(id),
      } as unknown as SlotDocument;
      const line = canonicalLine(slot);
      expect(canonicalLine(parseLine(line))).toBe(line);
      const shuffled = Object.fromEntries(Object.entries(slot).toReversed()) as unknown as SlotDocument;
      expect(canonicalLine(shuffled)).toBe(line);
      const theirs = BSON.EJSON.parse(BSON.EJSON.stringify(slot, { relaxed: false }), { relaxed: false });
      expect(BSON.EJSON.parse(line, { relaxed: false })).toEqual(theirs);
    }),
  );
});

it('orders rooms as MongoDB does: by the bytes of UTF-8', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: character, maxLength: 6 }),
      fc.string({ unit: character, maxLength: 6 }),
      (one, other) => {
        expect(Math.sign(compareRoomIds(one, other))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)));
      },
    ),
  );
});

/** A document as MongoDB stores it, its fields by name. */
function bytesOf(slot: SlotDocument): string {
  const sorted = Object.fromEntries(Object.entries(slot).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return Buffer.from(BSON.serialize(sorted)).toString('hex');
}
