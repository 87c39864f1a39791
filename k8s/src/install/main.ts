import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { k8sEnvironment } from '../k8s.config.js';
import { CheckFailed, Checks } from './checks.js';
import { findCluster } from './cluster/find-cluster.js';
import type { TestCluster } from './cluster/test-cluster.js';
import { tryInstallation } from './try-installation.js';

/**
 * `make test-k8s`: installs everything on a real Kubernetes and tries it. `--workdir DIR` keeps what the packed cluster has built
 * for the next run, `--keep` leaves the cluster up, `--built` takes what the run before has left, `--owner PID` ends it all when that process is
 * gone. Ends with 0 also where no cluster can be had, in one loud line. With TEST_REPORT the counts are written there.
 */
const { values } = parseArgs({
  options: {
    workdir: { type: 'string' },
    keep: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
    owner: { type: 'string' },
  },
});
const startedAt = performance.now();
const say = (line: string): void => {
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  process.stdout.write(`[${String(seconds).padStart(3)} s] ${line}\n`);
};
/** Takes away what was begun of the cluster. */
let end: () => Promise<void> = () => Promise.resolve();
let isInterrupted = false;
const interrupt = (why: string): void => {
  if (isInterrupted) return;
  isInterrupted = true;
  say(`${why}: ending the cluster`);
  void end().finally(() => process.exit(130));
};
// Not once: while a listener stays, the guard of started processes leaves the end to this program.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
if (values.owner !== undefined) watch(Number(values.owner));

const checks = new Checks(say);
const { report } = k8sEnvironment();
let cluster: TestCluster | undefined;
try {
  const found = await findCluster({
    workdir: values.workdir,
    isBuilt: values.built,
    say,
    begun: (begun) => (end = begun),
  });
  if ('missing' in found) {
    checks.skip('THE INSTALLATION ON A REAL KUBERNETES', found.missing);
  } else {
    cluster = found;
    await tryInstallation(cluster, checks, say);
  }
} catch (thrown) {
  // Else it is said and counted already.
  if (!(thrown instanceof CheckFailed)) await checks.claim('the test itself', () => Promise.reject(thrown));
} finally {
  if (values.keep) {
    cluster?.leave();
    say(`the cluster is left as it is: ${JSON.stringify(cluster?.env ?? {})}`);
  } else if (cluster) {
    await checks.claim('nothing of the cluster stays', end);
  }
}
const { passed, failed, skipped } = checks.counts;
say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
if (report !== undefined) {
  const counts = { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped };
  writeFileSync(report, JSON.stringify(counts));
}
process.exitCode = failed === 0 ? 0 : 1;

/** Notices that a process is gone, however it went. */
function watch(owner: number): void {
  const look = setInterval(() => {
    try {
      process.kill(owner, 0);
    } catch {
      clearInterval(look);
      interrupt(`process ${owner} is gone`);
    }
  }, 1_000);
  look.unref();
}
