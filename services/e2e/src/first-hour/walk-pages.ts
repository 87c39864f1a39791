import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WalkedPage } from './find-pages.js';
import { walkPage } from './walk-page.js';
import type { WalkStep } from './walk-step.js';

/**
 * Does all pages, two at a time: while one installs, another computes. A page that lacks a program is skipped with a line that says
 * so; one that fails is told with its step. Resolves in the order of `pages`; rejects when the signal fires.
 */
export async function walkPages(pages: readonly WalkedPage[], options: WalksOptions): Promise<readonly PageResult[]> {
  const results: (PageResult | undefined)[] = pages.map(() => undefined);
  const waiting = [...pages.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, page] = next;
      const startedAt = performance.now();
      const outcome = await walkOne(page, options);
      options.signal.throwIfAborted();
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      options.say(`${page.name}: ${outcome}, ${seconds} s`);
      results[index] = { page, outcome, seconds };
    }
  };
  await Promise.all([work(), work()]);
  return results.filter((result) => result !== undefined);
}

/** What became of a page. */
export interface PageResult {
  readonly page: WalkedPage;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
}

/** See {@link walkPages}. */
export interface WalksOptions {
  readonly checkout: string;
  /** Pages get a folder each below it. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly isThere: (program: string) => boolean;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

async function walkOne({ name, path, walk }: WalkedPage, options: WalksOptions): Promise<PageResult['outcome']> {
  const { say, isThere, checkout, env, signal } = options;
  const missing = walk.needs.filter((program) => !isThere(program));
  if (missing.length > 0) {
    say(`SKIPPED ${path}: this machine has no ${missing.join(', ')}`);
    return 'skipped';
  }
  const folder = join(options.folder, name);
  const logDir = join(options.folder, 'logs', name);
  await mkdir(folder);
  const onStep = (step: WalkStep, index: number): void => {
    if (step.kind === 'run' || step.kind === 'start')
      say(`${name}: ${index + 1}/${walk.steps.length} ${firstLine(step.text)}`);
  };
  try {
    await walkPage(walk.steps, { folder, checkout, logDir, env, signal, onStep });
    return 'passed';
  } catch (error) {
    signal.throwIfAborted();
    say(`FAILED ${path}, ${error instanceof Error ? error.message : String(error)}`);
    return 'failed';
  }
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
}
