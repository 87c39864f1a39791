import { parseArgs } from 'node:util';
import { findCluster } from './find-cluster.js';
import type { TestCluster } from './test-cluster.js';
import { tryInstallation } from './try-installation.js';

/**
 * `make test-k8s`: installs everything on a real Kubernetes and tries it. `--workdir DIR` keeps what the packed cluster has built
 * for the next run, `--keep` leaves the cluster up, `--built` takes what the run before has left. Ends with 0 also where no cluster can be had, in one loud line.
 */
const { values } = parseArgs({
  options: { workdir: { type: 'string' }, keep: { type: 'boolean' }, built: { type: 'boolean' } },
});
const startedAt = performance.now();
const say = (line: string): void => {
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  process.stdout.write(`[${String(seconds).padStart(3)} s] ${line}\n`);
};
let cluster: TestCluster | undefined;
/** Takes away what was begun of the cluster. */
let end: () => Promise<void> = () => Promise.resolve();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    say(`${signal}: ending the cluster`);
    void end().finally(() => process.exit(130));
  });
}
try {
  cluster = await findCluster(values.workdir, say, (begun) => (end = begun));
  if (cluster) {
    await tryInstallation(cluster, say, { isBuilt: values.built === true });
    say('PASSED');
  } else {
    process.stdout.write(
      'SKIPPED: the installation on a real Kubernetes. There is neither KUBECONFIG, nor kind with a container engine, nor (as root) the packed cluster of PARLANCE_TOOLS_DIR.\n',
    );
  }
} catch (thrown) {
  say(`FAILED: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  process.exitCode = 1;
} finally {
  if (values.keep === true) say(`the cluster is left as it is: ${JSON.stringify(cluster?.env ?? {})}`);
  else await cluster?.end();
}
