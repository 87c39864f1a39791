/** One thing to do that a page tells: an entry of a list, or a block of a shell. */
export interface PageCommand {
  /** The entry in one line, or the whole block, as it is written. */
  readonly text: string;
  /** Whether the page says that it was run. */
  readonly isRun: boolean;
}

/**
 * Commands of a page in Markdown. An entry of a list begins with ✓ or `not run:`; a block marked `sh` with `# ✓` or `# not run`.
 * Throws when one says neither. Pure.
 */
export function commandsOfPage(page: string): readonly PageCommand[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => {
    if (!/^# (?:✓|not run)/.test(text)) throw new Error(`neither "# ✓" nor "# not run": ${text.split('\n')[0]}`);
    return { text, isRun: text.startsWith('# ✓') };
  });
  const entries =
    page.replaceAll(/\n {2}(?=\S)/g, ' ').match(/^- (?:✓ |not run: |`(?:kubectl|helm|job|secret) ).*$/gm) ?? [];
  return [
    ...entries.map((text) => {
      if (text.startsWith('- `')) throw new Error(`neither ✓ nor "not run:" in front: ${text}`);
      return { text, isRun: text.startsWith('- ✓') };
    }),
    ...blocks,
  ];
}
