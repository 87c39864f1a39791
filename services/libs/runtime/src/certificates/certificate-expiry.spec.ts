import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { authorityExpiry, chainExpiry } from './certificate-expiry.js';

const both = fileURLToPath(new URL('fixtures/two-certificates.pem', import.meta.url));
const [earlier, later] = ['2036-11-26T20:27:09Z', '2046-11-24T20:27:09Z'].map((at) => Date.parse(at) / 1_000);

it('takes a chain for good as long as all of it, and authorities as long as one', () => {
  expect(chainExpiry(both)).toBe(earlier);
  expect(authorityExpiry(both)).toBe(later);
});

it('tells nothing where there is no certificate', () => {
  expect(chainExpiry(undefined)).toBeUndefined();
  expect(authorityExpiry(fileURLToPath(import.meta.url))).toBeUndefined();
});
