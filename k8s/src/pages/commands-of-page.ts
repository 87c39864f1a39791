/** One thing to do that a page tells: a row of a table of commands, or a block of a shell. */
export interface PageCommand {
  /** The row or the whole block, as it is written. */
  readonly text: string;
  /** Whether the page says that it was run. */
  readonly isRun: boolean;
}

/**
 * Commands of a page in Markdown. A table of commands has an empty first column and one named `command`; ✓ stands in the first. A
 * block marked `sh` begins with `# ✓` or `# not run`. Throws when one says neither. Pure.
 */
export function commandsOfPage(page: string): readonly PageCommand[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => {
    if (!/^# (?:✓|not run)/.test(text)) throw new Error(`neither "# ✓" nor "# not run": ${text.split('\n')[0]}`);
    return { text, isRun: text.startsWith('# ✓') };
  });
  const tables = [...page.matchAll(/^\| +\| command \|.*\n\|[ -|]*\n((?:\|.*\n)+)/gm)];
  const rows = tables.flatMap(([, body = '']) => body.trimEnd().split('\n'));
  return [
    ...rows.map((text) => {
      const mark = /^\|([^|]*)\|/.exec(text)?.[1]?.trim();
      if (mark !== '' && mark !== '✓') throw new Error(`neither ✓ nor nothing in front: ${text}`);
      return { text, isRun: mark === '✓' };
    }),
    ...blocks,
  ];
}
