import { execFileSync } from 'node:child_process';
import { type ModuleName, modules } from './modules.js';

/**
 * The modules without servers whose sources or specs changed since `services/e2e/README.md`, which holds the scores, was last
 * written; the smallest one when there are none, so that a run always shows that mutants are found out.
 *
 * @param root of the repository, which has to be a git checkout with its history.
 */
export function changedModules(root: string): readonly ModuleName[] {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  const since = git('log', '-1', '--format=%H', '--', 'services/e2e/README.md').trim();
  const changed = git('diff', '--name-only', since === '' ? 'HEAD' : since).split('\n');
  const quick = (Object.keys(modules) as ModuleName[]).filter((name) => !modules[name].needsServers);
  const touched = quick.filter((name) => modules[name].mutate.some((file) => changed.includes(file)));
  return touched.length > 0 ? touched : ['gateway-policies'];
}
