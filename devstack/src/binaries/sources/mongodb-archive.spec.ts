import { expect, test } from 'vitest';
import { hostPlatform } from './host-platform.js';
import { mongodbArchive } from './mongodb-archive.js';

const release = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}="${value}"`)
    .join('\n');

test.each([
  ['linux', 'x64', { ID: 'debian', VERSION_ID: '12' }, 'linux/mongodb-linux-x86_64-debian12-8.0.17.tgz'],
  ['linux', 'x64', { ID: 'debian' }, 'linux/mongodb-linux-x86_64-debian12-8.0.17.tgz'],
  ['linux', 'arm64', { ID: 'debian', VERSION_ID: '12' }, 'linux/mongodb-linux-aarch64-ubuntu2204-8.0.17.tgz'],
  ['linux', 'x64', { ID: 'ubuntu', VERSION_ID: '22.04' }, 'linux/mongodb-linux-x86_64-ubuntu2204-8.0.17.tgz'],
  ['linux', 'arm64', { ID: 'ubuntu', VERSION_ID: '24.04' }, 'linux/mongodb-linux-aarch64-ubuntu2404-8.0.17.tgz'],
  [
    'linux',
    'x64',
    { ID: 'linuxmint', ID_LIKE: 'ubuntu debian', VERSION_ID: '22' },
    'linux/mongodb-linux-x86_64-ubuntu2204-8.0.17.tgz',
  ],
  [
    'linux',
    'x64',
    { ID: 'rocky', ID_LIKE: 'rhel centos fedora', VERSION_ID: '9.5' },
    'linux/mongodb-linux-x86_64-rhel93-8.0.17.tgz',
  ],
  ['linux', 'arm64', { ID: 'rhel', VERSION_ID: '8.10' }, 'linux/mongodb-linux-aarch64-rhel8-8.0.17.tgz'],
  ['linux', 'x64', { ID: 'amzn', VERSION_ID: '2023' }, 'linux/mongodb-linux-x86_64-amazon2023-8.0.17.tgz'],
  [
    'linux',
    'x64',
    { ID: 'opensuse-leap', ID_LIKE: 'suse opensuse', VERSION_ID: '15.6' },
    'linux/mongodb-linux-x86_64-suse15-8.0.17.tgz',
  ],
  ['darwin', 'arm64', {}, 'osx/mongodb-macos-arm64-8.0.17.tgz'],
  ['darwin', 'x64', {}, 'osx/mongodb-macos-x86_64-8.0.17.tgz'],
] as const)('%s %s %o gets %s', (os, cpu, fields, archive) => {
  expect(mongodbArchive('8.0.17', hostPlatform(os, cpu), release(fields))).toBe(archive);
});

test('a Linux without a build is named', () => {
  const alpine = release({ ID: 'alpine', VERSION_ID: '3.20.3', PRETTY_NAME: 'Alpine Linux v3.20' });
  expect(() => mongodbArchive('8.0.17', hostPlatform('linux', 'x64'), alpine)).toThrow(
    'no build for Alpine Linux v3.20',
  );
});

test.each([
  ['win32', 'x64'],
  ['freebsd', 'x64'],
  ['linux', 'ia32'],
])('%s on %s is refused with what is possible', (os, cpu) => {
  expect(() => hostPlatform(os, cpu)).toThrow('Linux and macOS on x64 and arm64');
});
