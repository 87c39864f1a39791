import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModuleName, modules } from './modules.js';

const file = 'services/e2e/src/mutants/counted.json';

/** When the mutants of a module were last counted, and what became of them. */
export interface Count {
  /** As `2026-11-29`. */
  readonly day: string;
  /** Digest of the files that were mutated. */
  readonly sources: string;
  readonly killed: number;
  readonly survived: number;
  readonly unreached: number;
  readonly explained: number;
}

/** What is written down of the modules that have been counted. */
export function readCounts(root: string): Counts {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as Counts;
}

/** Writes down what was counted now, beside what was before. */
export function writeCounts(root: string, counts: Counts): void {
  writeFileSync(join(root, file), `${JSON.stringify({ ...readCounts(root), ...counts }, undefined, 2)}\n`);
}

/**
 * The modules without servers whose files are others than those that were counted; the smallest one when there are none, so
 * that a run always shows that mutants are found out. What has never been counted takes too long to be told so in passing.
 */
export function changedModules(root: string, counts: Counts): readonly ModuleName[] {
  const quick = (Object.keys(counts) as ModuleName[]).filter((name) => !modules[name].needsServers);
  const changed = quick.filter((name) => counts[name]?.sources !== sourcesOf(root, name));
  return changed.length > 0 ? changed : ['gateway-policies'];
}

/** Digest of the files of a module as they are now. */
export function sourcesOf(root: string, name: ModuleName): string {
  const digest = createHash('sha256');
  for (const path of modules[name].mutate) digest.update(readFileSync(join(root, path)));
  return digest.digest('hex').slice(0, 16);
}

/** Counts by module. */
export type Counts = { readonly [Name in ModuleName]?: Count };
