import { join } from 'node:path';
import { repository } from '../k8s.config.js';
import { doDeeds } from './deeds.js';
import { installRelease, tlsSecret } from './install-release.js';
import { Installation } from './installation.js';
import { Load } from './load.js';
import { probePolicies } from './probe-policies.js';
import { refuseOtherDisks } from './refuse-other-disks.js';
import { runCronJobs } from './run-cron-jobs.js';
import { talkThroughIngress } from './talk-through-ingress.js';
import type { TestCluster } from './test-cluster.js';
import { tryHelm3 } from './try-helm-3.js';
import { whatIsLeft } from './what-is-left.js';

const release = 'chat';

/**
 * Installs the chart with everything in it, talks through it, does to it what happens to installations, runs its jobs, removes it,
 * and looks what is left; beside its jobs once more in short by Helm 3. Rejects at the first thing that is not as it should be.
 *
 * @param isBuilt an earlier run has built the images.
 */
export async function tryInstallation(
  cluster: TestCluster,
  say: (line: string) => void,
  { isBuilt }: { readonly isBuilt: boolean },
): Promise<void> {
  for (const line of [cluster.text, ...cluster.notes]) say(line);
  if (!isBuilt) await cluster.buildImages(say);
  const chart = join(repository, 'charts/parlance');
  const installation = new Installation(cluster, 'chat', release, chart);

  say('helm install');
  const begun = performance.now();
  const place = await installRelease(installation, 'chat.test');
  say(`every pod is ready, ${seconds(begun)} s after helm install began`);
  say(`\n${await installation.kubectl('get', 'pods')}`);
  say(`wss://${place.host}: ${await talkThroughIngress(place, 20)}`);
  say(`first messages through the ingress ${seconds(begun)} s after helm install began`);
  await installation.helm('test', release);
  say('helm test passed');
  say(await probePolicies(installation, cluster.nodeImage));
  say(await refuseOtherDisks(installation));

  await doDeeds(installation, await Load.start(place, 20), say);

  const memory = await cluster.memoryMiB();
  if (memory !== undefined) say(`all pods together held ${memory} MiB at most`);
  const [jobs, helm3] = await Promise.all([runCronJobs(installation), tryHelm3(cluster, chart)]);
  for (const line of jobs) say(line);
  say(`\n${await installation.kubectl('get', 'months')}`);
  say(helm3);
  await uninstall(installation, say);
}

async function uninstall(installation: Installation, say: (line: string) => void): Promise<void> {
  await installation.helm('uninstall', release, '--wait');
  let left = await whatIsLeft(installation);
  await installation.until('uninstall leaves only what holds data', 120, async () => {
    left = await whatIsLeft(installation);
    const names = [...left].flatMap(([kind, each]) =>
      mayStay(kind, each) ? [] : each.map((name) => `${kind} ${name}`),
    );
    return names.length === 0 ? undefined : `there are ${names.join(', ')}`;
  });
  for (const [kind, names] of left) say(`left: ${kind} ${names.join(', ')}`);
}

/** Claims, the months in them, and the Secret that opens them; and what this test has put there itself. */
function mayStay(kind: string, names: readonly string[]): boolean {
  if (kind === 'PersistentVolumeClaim' || kind === 'ChatMonth') return true;
  return kind === 'Secret' && names.every((name) => name === `${release}-secrets` || name === tlsSecret);
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1_000);
}
