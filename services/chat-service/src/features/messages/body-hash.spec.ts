import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bodyHashUnder } from './body-hash.js';

it('is 128 bits of HMAC-SHA-256, whatever the lengths of text and key', () => {
  const texts = { content: fc.string({ unit: 'binary' }), metadataJson: fc.constantFrom('', '{"a":1}') };
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
