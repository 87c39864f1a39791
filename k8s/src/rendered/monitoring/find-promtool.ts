import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../install/run-program.js';
import { k8sEnvironment } from '../../k8s.config.js';

/**
 * Path of promtool: on the PATH, in the project's cache, else taken out of Debian's package `prometheus` into the cache, once.
 * Undefined, with one line that says so, where none can be had.
 */
export async function findPromtool(): Promise<string | undefined> {
  const { cacheDir, isDownloadAllowed } = k8sEnvironment();
  const works = (program: string): Promise<boolean> =>
    runProgram(program, ['--version']).then(
      () => true,
      () => false,
    );
  if (await works('promtool')) return 'promtool';
  const program = join(cacheDir, 'promtool');
  if (await works(program)) return program;
  const folder = await mkdtemp(join(tmpdir(), 'parlance-promtool-'));
  try {
    if (!isDownloadAllowed) throw new Error('PARLANCE_OFFLINE=1');
    const script =
      'apt-get download prometheus >&2 && dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool';
    await runProgram('sh', ['-c', `cd "$0" && ${script}`, folder]);
    await mkdir(cacheDir, { recursive: true });
    await rename(join(folder, 'usr/bin/promtool'), program);
    await access(program);
    return program;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown);
    process.stdout.write(
      `NOT TESTED: the alerts with promtool. There is none on the PATH, and none to be had: ${reason}\n`,
    );
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
