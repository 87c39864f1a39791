import type { SecretTexts } from './secret-texts.js';

/** A JSON Web Token, wherever it comes from. */
const anyToken = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*/;

/** What a process has written. */
export interface ProcessLog {
  /** Of the process. */
  readonly name: string;
  readonly text: string;
}

/**
 * Looks for tokens and secret texts in logs.
 *
 * @throws Error that names the process and the line, with the secret blanked.
 */
export function requireNoLeak(logs: readonly ProcessLog[], secrets: readonly SecretTexts[]): void {
  for (const { name, text } of logs) {
    const token = anyToken.exec(text);
    const found = token ? { at: token.index, text: token[0] } : secrets.map((each) => each.findIn(text)).find(Boolean);
    if (found === undefined) continue;
    const start = text.lastIndexOf('\n', found.at) + 1;
    const end = text.indexOf('\n', found.at + found.text.length);
    const line = text.slice(start, end < 0 ? text.length : end).replaceAll(found.text, '*****');
    throw new Error(`the log of ${name} shows a secret of ${found.text.length} characters: ${line}`);
  }
}
