import { expect, test } from 'vitest';
import { newestPackedK6 } from './newest-packed-k6.ts';

const names = [
  'k6-v1.8.1-linux-amd64.xz',
  'k6-v1.10.0-linux-amd64.xz',
  'k6-v1.9.0-linux-amd64.xz',
  'k6-v2.0.0-linux-arm64.xz',
  'k6-v3.0.0-linux-amd64.tar.gz',
  'kubeconform-v9.0.0-linux-amd64.xz',
];

test('the newest packed k6 is chosen by number, for this platform and processor', () => {
  expect(newestPackedK6(names, 'linux', 'x64')).toBe('k6-v1.10.0-linux-amd64.xz');
  expect(newestPackedK6(names, 'linux', 'arm64')).toBe('k6-v2.0.0-linux-arm64.xz');
});

test('nothing is chosen where nothing fits', () => {
  expect(newestPackedK6(names, 'darwin', 'arm64')).toBeUndefined();
  expect(newestPackedK6([], 'linux', 'x64')).toBeUndefined();
});
