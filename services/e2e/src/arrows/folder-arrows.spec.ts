import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FolderArrows, folderArrows } from './folder-arrows.js';

const root = join(import.meta.dirname, '../../../..');
const putsTogether = ['.', 'assembly'];

describe.each(Object.entries(folderArrows))('%s', (source, declared) => {
  it('has no arrows between folders but those that are declared, and these all', () => {
    expect(arrowsOf(join(root, source))).toEqual(
      Object.fromEntries(Object.entries(declared).map(([folder, uses]) => [folder, uses.toSorted()])),
    );
  });

  it('has no folder that imports one below it', () => {
    const folders = Object.keys(declared);
    const upward = Object.entries(declared).flatMap(([folder, uses]) =>
      uses.filter((used) => folders.indexOf(used) >= folders.indexOf(folder)).map((used) => `${folder} -> ${used}`),
    );
    expect(upward).toEqual([]);
  });
});

/** What is there: every import of a file of another folder, of types too. Specs and what puts the service together are left out. */
function arrowsOf(source: string): FolderArrows {
  const arrows = new Map<string, Set<string>>();
  for (const file of globSync('**/*.ts', { cwd: source })) {
    const folder = dirname(file);
    if (file.endsWith('.spec.ts') || putsTogether.includes(folder)) continue;
    const used = arrows.get(nameOf(folder)) ?? new Set();
    arrows.set(nameOf(folder), used);
    const imports = readFileSync(join(source, file), 'utf8').matchAll(/(?:from|import\(?) *'(\.{1,2}\/[^']+)'/g);
    for (const [, path = ''] of imports) {
      const other = dirname(join(folder, path));
      if (other !== folder && other !== '.') used.add(nameOf(other));
    }
  }
  return Object.fromEntries([...arrows].map(([folder, used]) => [folder, [...used].toSorted()]));
}

function nameOf(folder: string): string {
  return folder.replace('features/', '');
}
