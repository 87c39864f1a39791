import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localNames } from './prometheus-program.js';

/**
 * The chart's rules as a Prometheus of this machine loads them: with the names of {@link localNames} where the chart puts those of
 * an installation, and runbooks where the checkout has them. Throws where the file is missing or has a mark that is not known here.
 */
export function localRules(repositoryRoot: string): string {
  const text = readFileSync(join(repositoryRoot, 'charts/parlance/files/alerts.json'), 'utf8');
  return withNames(text, { ...localNames, runbooks: join(repositoryRoot, 'docs/runbooks') });
}

/** `text` with each `@mark@` replaced. Throws on one that has no name. */
export function withNames(text: string, names: Readonly<Record<string, string>>): string {
  return text.replaceAll(/@([a-z]+)@/g, (mark, key: string) => {
    const name = names[key];
    if (name === undefined) throw new Error(`the rules have a mark that is not known here: ${mark}`);
    return name;
  });
}
