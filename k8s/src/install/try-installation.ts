import { join } from 'node:path';
import { repository } from '../k8s.config.js';
import type { Checks } from './checks.js';
import type { TestCluster } from './cluster/test-cluster.js';
import { doDeeds } from './deeds/deeds.js';
import { dryRunWithAddons } from './dry-run-with-addons.js';
import { Load } from './people/load.js';
import { talkThroughIngress } from './people/talk-through-ingress.js';
import { tryTwoAddresses } from './people/two-addresses.js';
import { probePolicies } from './probe-policies.js';
import { refuseOtherDisks } from './refuse-other-disks.js';
import { installRelease, tlsSecret } from './release/install-release.js';
import { Installation } from './release/installation.js';
import { whatIsLeft } from './release/what-is-left.js';
import { runCronJobs } from './run-cron-jobs.js';
import { speedOf } from './speed-of.js';
import { tryHelm3 } from './try-helm-3.js';

const release = 'chat';

/**
 * Installs the chart with everything in it, talks through it, does to it what happens to installations, runs its jobs, removes it,
 * and looks what is left; beside its jobs once more in short by Helm 3. Rejects when something is not as it should be that the rest stands on.
 */
export async function tryInstallation(
  cluster: TestCluster,
  checks: Checks,
  say: (line: string) => void,
): Promise<void> {
  for (const line of [cluster.text, ...cluster.notes]) say(line);
  await checks.step('the nodes have the images of the Dockerfiles', () => cluster.putImages());
  const chart = join(repository, 'charts/parlance');
  const installation = new Installation(cluster, 'chat', release, chart);

  say('helm install');
  const begun = performance.now();
  const place = await checks.step('every pod becomes ready', () => installRelease(installation, 'chat.test'));
  say(`\n${await installation.kubectl('get', 'pods')}`);
  await checks.step(`people talk by wss://${place.host}`, () => talkThroughIngress(place, 20));
  say(speedOf('from helm install to the first messages through the ingress', performance.now() - begun, 180_000));
  await checks.claim('helm test', async () => void (await installation.helm('test', release, '--timeout', '600s')));
  const { clientAddresses } = cluster;
  const counted = 'each client behind the ingress is counted by its own address';
  if (clientAddresses === undefined) checks.skip(counted, 'this cluster has no two addresses to come from');
  else await checks.claim(counted, () => tryTwoAddresses(place, clientAddresses));
  const foreign = 'the API server takes the chart with routes, scaling and monitoring of others';
  if (cluster.hasAddonCrds) await checks.claim(foreign, () => dryRunWithAddons(cluster, chart));
  else checks.skip(foreign, 'this cluster may not have their CRDs');
  await checks.claim('NetworkPolicies hold', () => probePolicies(installation, cluster.nodeImage));
  await checks.claim('other disks of MongoDB are refused', () => refuseOtherDisks(installation));

  await doDeeds(installation, await Load.start(place, 20), checks, say);

  const memory = await cluster.memoryMiB();
  if (memory !== undefined) say(`all pods together held ${memory} MiB at most`);
  await Promise.all([runCronJobs(installation, checks), tryHelm3(cluster, chart, checks)]);
  say(`\n${await installation.kubectl('get', 'months')}`);
  await checks.claim('uninstall leaves only what holds data', () => uninstall(installation));
}

async function uninstall(installation: Installation): Promise<string> {
  await installation.helm('uninstall', release, '--wait', '--timeout', '600s');
  let left = await whatIsLeft(installation);
  await installation.until('uninstall leaves only what holds data', 600, async () => {
    left = await whatIsLeft(installation);
    const names = [...left].flatMap(([kind, each]) =>
      mayStay(kind, each) ? [] : each.map((name) => `${kind} ${name}`),
    );
    return names.length === 0 ? undefined : `there are ${names.join(', ')}`;
  });
  return [...left].map(([kind, names]) => `${kind} ${names.join(', ')}`).join('; ');
}

/** Claims, the months in them, and the Secret that opens them; and what this test has put there itself. */
function mayStay(kind: string, names: readonly string[]): boolean {
  if (kind === 'PersistentVolumeClaim' || kind === 'ChatMonth') return true;
  return kind === 'Secret' && names.every((name) => name === `${release}-secrets` || name === tlsSecret);
}
