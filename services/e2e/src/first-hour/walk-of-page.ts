import type { Walk, WalkStep } from './walk-step.js';

/**
 * What a page in Markdown has its reader do. A comment on the line before a block says what the block is:
 *
 * - `<!-- walk: file NAME -->`, or `file NAME = PATH` where the repository holds the same file at PATH
 * - `<!-- walk: run -->`, or `run in checkout` for what is done in the checkout of Parlance
 * - `<!-- walk: start UNTIL TEXT -->`
 * - `<!-- walk: output -->`
 *
 * and, without a block, `<!-- walk: needs NAME ... -->` names programs, and `<!-- walk: check COMMAND -->` is what the walk does in
 * the checkout where the reader looks. Pure.
 *
 * @throws Error for a marker that is none of these, and for one without a block behind it.
 */
export function walkOfPage(page: string): Walk {
  const needs: string[] = [];
  const steps: WalkStep[] = [];
  for (const found of page.matchAll(/^[ \t]*<!-- walk:(.*)$/gm)) {
    const line = page.slice(0, found.index).split('\n').length;
    const marker = /^ (.*\S) -->$/.exec(found[1] ?? '')?.[1];
    if (marker === undefined) throw new Error(`line ${line}: "${found[0]}" is not "<!-- walk: WORDS -->"`);
    const needed = /^needs (.+)$/.exec(marker)?.[1];
    const check = /^check (.+)$/.exec(marker)?.[1];
    if (needed !== undefined) needs.push(...needed.split(' '));
    else if (check !== undefined) steps.push({ kind: 'run', line, where: 'checkout', text: `${check}\n` });
    else steps.push(stepOf(marker, line, blockAfter(page, found.index + found[0].length, line)));
  }
  return { needs, steps };
}

function blockAfter(page: string, from: number, line: number): string {
  const block = /^\n```[^\n]*\n([\s\S]*?)^```$/m.exec(page.slice(from));
  if (block?.index !== 0) throw new Error(`line ${line}: no block on the line after the marker`);
  return block[1] ?? '';
}

function stepOf(marker: string, line: number, text: string): WalkStep {
  const file = /^file (\S+)(?: = (\S+))?$/.exec(marker);
  if (file?.[1] !== undefined)
    return { kind: 'file', line, name: file[1], text, ...(file[2] === undefined ? {} : { sameAs: file[2] }) };
  const until = /^start UNTIL (.+)$/.exec(marker)?.[1];
  if (until !== undefined) return { kind: 'start', line, until, text };
  if (marker === 'output')
    return { kind: 'output', line, lines: text.split('\n').filter((each) => each.trim() !== '') };
  if (marker === 'run' || marker === 'run in checkout')
    return { kind: 'run', line, where: marker === 'run' ? 'folder' : 'checkout', text };
  throw new Error(`line ${line}: "${marker}" is no step of a walk`);
}
