import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const sources = globSync('{proto,jobs,devstack,loadtest,k8s,services/*,services/libs/*,clients/*}/src*/**/*.{ts,tsx}', {
  cwd: root,
  exclude: (path) => path.includes('node_modules') || path.includes('dist'),
});

it('has no files that import each other in a circle, types included', () => {
  expect(sources.length).toBeGreaterThan(900);
  let left = new Map(sources.map((file) => [file, importsOf(file)]));
  // Whoever imports nobody that is left is in no circle; what is left at the end is, or imports one.
  for (let before = Number.POSITIVE_INFINITY; left.size < before; ) {
    before = left.size;
    left = new Map([...left].filter(([, used]) => used.some((each) => left.has(each))));
  }
  expect([...left.keys()]).toEqual([]);
});

function importsOf(file: string): readonly string[] {
  const imports = readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import\(?) *'(\.{1,2}\/[^']+)\.js'/g);
  return [...imports].flatMap(([, path = '']) =>
    ['ts', 'tsx'].map((ending) => join(dirname(file), `${path}.${ending}`)),
  );
}
