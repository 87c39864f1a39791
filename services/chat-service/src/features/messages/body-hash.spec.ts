import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bodyHashUnder } from './body-hash.js';

/** A character of Unicode. `unit: 'binary'` means the same, and makes a table of a million of them first. */
const character = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));

it('is 128 bits of HMAC-SHA-256, whatever the lengths of text and key', () => {
  const texts = {
    content: fc.oneof(fc.string(), fc.string({ unit: character })),
    metadataJson: fc.constantFrom('', '{"a":1}'),
  };
  const key = fc.oneof(fc.string({ minLength: 32 }), fc.string({ minLength: 60, maxLength: 70 }));
  fc.assert(
    fc.property(key, fc.record(texts), fc.record(texts), (secret, ...bodies) => {
      const hashOf = bodyHashUnder(secret);
      for (const { content, metadataJson } of bodies) {
        const hmac = createHmac('sha256', secret).update(JSON.stringify(['text', content, metadataJson]));
        expect(hashOf({ messageType: 'text', content, metadataJson })).toBe(hmac.digest('base64url').slice(0, 22));
      }
    }),
  );
});
