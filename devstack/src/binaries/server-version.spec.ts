import { expect, test } from 'vitest';
import { isAtLeast, parseServerVersion } from './server-version.js';

test.each([
  ['db version v6.0.5\nBuild Info: {', { product: 'mongod', version: '6.0.5' }],
  ['mongos version v8.0.17\nBuild Info: {', { product: 'mongos', version: '8.0.17' }],
  ['Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0', { product: 'redis', version: '7.0.15' }],
  ['Valkey server v=8.1.1 sha=00000000:0', { product: 'valkey', version: '8.1.1' }],
  ['prometheus, version 2.42.0+ds (branch: debian/sid)', { product: 'prometheus', version: '2.42.0' }],
  ['GNU bash, version 5.2.15', undefined],
])('%s', (output, expected) => {
  expect(parseServerVersion(output)).toEqual(expected);
});

test.each([
  ['7.0.15', '7.0', true],
  ['7.0.0', '7.0', true],
  ['6.2.14', '7.0', false],
  ['10.0.0', '7.0', true],
  ['6.0.16', '6.0.5', true],
])('%s is at least %s: %s', (version, minimum, expected) => {
  expect(isAtLeast(version, minimum)).toBe(expected);
});
