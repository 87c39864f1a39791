import { expect, it } from 'vitest';
import { keepsFile } from './keeps-file.js';

const kept = (manifest: object, isOwn: boolean, paths: readonly string[]): readonly string[] => {
  const keeps = keepsFile({ name: 'x', ...manifest }, { isOwn });
  return paths.filter((path) => keeps(path.replace(/\/$/, ''), path.endsWith('/')));
};

it('keeps what Node runs and leaves types, maps, documents and tests', () => {
  const paths = [
    'index.js',
    'index.d.ts',
    'index.js.map',
    'README.md',
    'data.json',
    'lib/a.cjs',
    'lib/a.d.cts',
    'LICENSE',
  ];
  expect(kept({}, false, paths)).toEqual(['index.js', 'data.json', 'lib/a.cjs', 'LICENSE']);
  expect(kept({}, false, ['test/', 'docs/', 'lib/', 'lib/doc/'])).toEqual(['lib/', 'lib/doc/']);
});

it('leaves builds that are for others than Node, by what package.json says', () => {
  const dual = { main: 'build/src/index.js', module: 'build/esm/index.js', esnext: 'build/esnext/index.js' };
  expect(kept(dual, false, ['build/', 'build/src/', 'build/esm/', 'build/esnext/'])).toEqual(['build/', 'build/src/']);
  const conditional = {
    exports: {
      '.': {
        types: './types/x.d.ts',
        node: './cjs/x.js',
        require: './cjs/x.js',
        es2015: './esm/x.js',
        default: './esm5/x.js',
      },
    },
  };
  expect(kept(conditional, false, ['cjs/', 'esm/', 'esm5/', 'types/'])).toEqual(['cjs/']);
  const both = {
    exports: { '.': { import: './dist/esm/x.js', require: './dist/cjs/x.js', browser: './dist/web/x.js' } },
  };
  expect(kept(both, false, ['dist/', 'dist/esm/', 'dist/cjs/', 'dist/web/'])).toEqual([
    'dist/',
    'dist/esm/',
    'dist/cjs/',
  ]);
});

it('of the product itself keeps what was built and what is read at run time', () => {
  const paths = [
    'src/',
    'test/',
    'dist/',
    'dist/docs/',
    'chat/',
    'chat/v1/chat_service.proto',
    'package.json',
    'tsconfig.json',
  ];
  expect(kept({}, true, paths)).toEqual(['dist/', 'dist/docs/', 'chat/', 'chat/v1/chat_service.proto', 'package.json']);
  expect(kept({}, true, ['dist/x.js', 'dist/x.spec.js', 'dist/x.d.ts'])).toEqual(['dist/x.js']);
});
