import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { walkOfPage } from './walk-of-page.js';
import type { Walk } from './walk-step.js';

/** The pages of the repository that have something to do for their reader, by path. Throws for one whose markers cannot be read. */
export async function findPages(checkout: string): Promise<readonly WalkedPage[]> {
  const pages: WalkedPage[] = [];
  for await (const path of glob(['docs/*.md', '{loadtest,clients/*}/README.md'], { cwd: checkout })) {
    const text = await readFile(join(checkout, path), 'utf8');
    if (!text.includes('<!-- walk:')) continue;
    try {
      pages.push({ path, name: nameOf(path), walk: walkOfPage(text) });
    } catch (error) {
      throw new Error(`${path}, ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  return pages.toSorted((a, b) => a.path.localeCompare(b.path));
}

/** A page and what it tells to do. */
export interface WalkedPage {
  /** From the root of the checkout. */
  readonly path: string;
  /** As short as it is told apart by: `build-a-bot`, `loadtest`, `clients-typescript`. */
  readonly name: string;
  readonly walk: Walk;
}

function nameOf(path: string): string {
  return basename(path) === 'README.md' ? dirname(path).replaceAll('/', '-') : basename(path, '.md');
}
