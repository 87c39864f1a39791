import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeEnvelope, type EventEnvelope, encodeEnvelope, eventTypes } from './event-envelope.js';

const count = fc.nat();
const envelope: fc.Arbitrary<EventEnvelope> = fc.record(
  {
    v: fc.constant(1 as const),
    type: fc.constantFrom(...eventTypes),
    roomId: fc.string(),
    head: count,
    rev: count,
    memberRev: count,
    at: count,
    userId: fc.string(),
    trace: fc.string(),
    payload: fc.json(),
  },
  { requiredKeys: ['v', 'type', 'roomId', 'head', 'rev', 'memberRev', 'at', 'payload'] },
);

it('comes back as it was, line feeds and all', () => {
  fc.assert(
    fc.property(envelope, (event) => {
      expect(decodeEnvelope(Buffer.from(encodeEnvelope(event)))).toEqual({
        ...event,
        payload: Buffer.from(event.payload),
      });
    }),
  );
});

it('takes nothing else for an event', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(decodeEnvelope(Buffer.from(text))).toBeUndefined();
    }),
  );
  for (const header of [
    '{}',
    'null',
    '[]',
    '{"v":2,"type":"chat:message:new","roomId":"r","head":1,"rev":0,"memberRev":1,"at":1}',
  ]) {
    expect(decodeEnvelope(Buffer.from(`${header}\n{}`))).toBeUndefined();
  }
});
