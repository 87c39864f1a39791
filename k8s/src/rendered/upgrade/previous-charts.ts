import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../install/run-program.js';
import { repository } from '../../k8s.config.js';

/**
 * The charts as they were: of the commit before this one, and of the newest release (a tag that begins with v), where the history
 * has them. Each is unpacked into a folder of its own, which whoever calls deletes. What is not there is told of in one line.
 */
export async function previousCharts(): Promise<readonly PreviousCharts[]> {
  const git = (...args: readonly string[]): Promise<string> =>
    runProgram('git', ['-C', repository, ...args]).then((text) => text.trim());
  const top = await git('rev-parse', '--show-toplevel').catch(() => '');
  if (top === '' || (await realpath(top)) !== (await realpath(repository))) return told('this is no checkout of git');
  const commit = await git('rev-parse', '--verify', '--quiet', 'HEAD~1^{commit}').catch(() => '');
  if (commit === '') return told('git has no commit before this one here');
  const tag = await git('describe', '--tags', '--match', 'v*', '--abbrev=0', 'HEAD~1').catch(() => '');
  const versions = [{ name: 'the previous commit', commit }, ...(tag === '' ? [] : [{ name: tag, commit: tag }])];
  const found: PreviousCharts[] = [];
  for (const version of versions) {
    if ((await git('ls-tree', version.commit, 'charts/parlance/Chart.yaml')) === '') continue;
    const folder = await mkdtemp(join(tmpdir(), 'parlance-charts-'));
    const archive = join(folder, 'charts.tar');
    // The CRDs too: the chart has links to them.
    await git('archive', '--output', archive, version.commit, 'charts', 'k8s/crds');
    await runProgram('tar', ['-xf', archive, '-C', folder]);
    found.push({ name: version.name, folder });
  }
  return found;
}

/** Charts of another version. */
export interface PreviousCharts {
  /** For people. */
  readonly name: string;
  /** Has `charts` and `k8s/crds` as the repository has. */
  readonly folder: string;
}

function told(reason: string): readonly PreviousCharts[] {
  process.stdout.write(`NOT TESTED: the upgrade from the charts of the previous commit: ${reason}\n`);
  return [];
}
