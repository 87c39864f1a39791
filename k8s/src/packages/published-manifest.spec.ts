import { expect, it } from 'vitest';
import { publishedManifest } from './published-manifest.js';

const manifest = {
  name: '@parlance/client',
  version: '0.1.0',
  private: true,
  license: 'Apache-2.0',
  type: 'module',
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  dependencies: { '@parlance/proto': '0.1.0', 'socket.io-client': '^4.8.4' },
  devDependencies: { '@parlance/devstack': '0.1.0' },
};
const context = {
  entries: ['index', 'node'],
  published: ['@parlance/client'],
  address: undefined,
  workspace: 'clients/typescript',
};

it('leaves out what only this repository needs, and workspaces that nobody else can install', () => {
  const written = publishedManifest(manifest, context);
  expect(written).toMatchObject({ name: '@parlance/client', version: '0.1.0', license: 'Apache-2.0', type: 'module' });
  expect(written).not.toHaveProperty('private');
  expect(written).not.toHaveProperty('devDependencies');
  expect(written).not.toHaveProperty('repository');
  expect(written['dependencies']).toEqual({ 'socket.io-client': '^4.8.4' });
});

it('has every entry for import and for require, and for resolvers that do not read exports', () => {
  const written = publishedManifest(manifest, context);
  expect(written['exports']).toEqual({
    '.': {
      import: { types: './dist/index.d.ts', default: './dist/index.js' },
      require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
    },
    './node': {
      import: { types: './dist/node.d.ts', default: './dist/node.js' },
      require: { types: './dist/node.d.cts', default: './dist/node.cjs' },
    },
    './package.json': './package.json',
  });
  expect(written).toMatchObject({ main: './dist/index.cjs', types: './dist/index.d.cts' });
  expect(written['typesVersions']).toEqual({ '*': { node: ['./dist/node.d.cts'] } });
});

it('wants other packages that are published, and says where it comes from when that is known', () => {
  const written = publishedManifest(
    { ...manifest, name: '@parlance/react', peerDependencies: { '@parlance/client': '0.1.0', react: '>=18' } },
    {
      entries: ['index'],
      published: ['@parlance/client', '@parlance/react'],
      address: 'https://example.com/parlance/parlance',
      workspace: 'clients/react',
    },
  );
  expect(written['peerDependencies']).toEqual({ '@parlance/client': '0.1.0', react: '>=18' });
  expect(written).not.toHaveProperty('typesVersions');
  expect(written['repository']).toEqual({
    type: 'git',
    url: 'git+https://example.com/parlance/parlance.git',
    directory: 'clients/react',
  });
});
