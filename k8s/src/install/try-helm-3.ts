import { findHelm } from '../rendered/find-helm.js';
import type { Checks } from './checks.js';
import type { TestCluster } from './cluster/test-cluster.js';
import { talkThroughIngress } from './people/talk-through-ingress.js';
import { encryptRedis } from './release/encrypt-redis.js';
import { installRelease } from './release/install-release.js';
import { Installation } from './release/installation.js';
import { requireEncryptedRedis } from './release/require-encrypted-redis.js';

/**
 * Installs the chart by Helm 3 into a namespace of its own, with Redis encrypted and users of its own, talks, upgrades, talks again, and
 * takes it away. One claim.
 */
export async function tryHelm3(cluster: TestCluster, chart: string, checks: Checks): Promise<void> {
  const helm = await findHelm(3);
  const what = 'by Helm 3, with users of Redis and TLS to it: installed, upgraded to two gateways, removed';
  if (helm === undefined) checks.skip(what, 'there is no Helm 3 here');
  else await checks.claim(what, () => installByHelm3({ ...cluster, helm }, chart));
}

async function installByHelm3(cluster: TestCluster, chart: string): Promise<string> {
  const [namespace, release] = ['chat-helm-3', 'three'];
  const encrypted = await encryptRedis(new Installation(cluster, namespace, release, chart));
  const settings = [...cluster.settings, ...encrypted];
  const installation = new Installation({ ...cluster, settings }, namespace, release, chart);
  const place = await installRelease(installation, 'three.test');
  await requireEncryptedRedis(installation);
  const before = await talkThroughIngress(place, 10);
  await installation.helm(
    'upgrade',
    installation.release,
    chart,
    '--reuse-values',
    '--set',
    'gateway.replicas=2',
    '--wait',
    '--timeout',
    '600s',
  );
  const gateways = (await installation.pods('app.kubernetes.io/component=gateway')).length;
  if (gateways !== 2) throw new Error(`an upgrade by Helm 3 to two gateways made ${gateways}`);
  await talkThroughIngress(place, 10);
  await installation.helm('uninstall', installation.release, '--wait', '--timeout', '600s');
  return `${before}, and so after the upgrade`;
}
