import { limits } from '@parlance/proto';
import { operations } from '@parlance/proto/operations';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyCharacter } from '../../../../../test/fixtures/any-character.js';
import { plainSend } from './plain-send.js';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: anyCharacter }),
  fc.constantFrom('', 'room-1', '\ud800', 'ä'.repeat(limits.contentBytes / 2), 'x'.repeat(limits.contentBytes + 1)),
);
const anything = fc.oneof(text, fc.anything());
const payload = fc.record(
  {
    roomId: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('room-1', 'r:2') }, anything),
    content: fc.oneof({ weight: 4, arbitrary: text }, anything),
    clientMessageId: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('c-1', undefined) }, anything),
    messageType: fc.constantFrom('text', 'image', 'system', undefined),
    metadata: fc.constantFrom({}, { attachments: [] }, undefined),
    more: fc.anything(),
  },
  { requiredKeys: [] },
);

it('takes nothing that the schema refuses, and gives what the schema gives', () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: payload }, fc.anything()), (given) => {
      const send = plainSend(given);
      const judged = operations.sendMessage.payload.safeParse(given);
      expect(send ?? judged.data).toEqual(judged.data);
    }),
    { numRuns: 2_000 },
  );
});

it('takes a plain text', () => {
  const send = { roomId: 'r', content: 'Hello', clientMessageId: 'c' };
  expect(plainSend(send)).toEqual({ ...send, messageType: 'text' });
});
