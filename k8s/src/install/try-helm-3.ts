import { findHelm } from '../rendered/find-helm.js';
import { encryptRedis } from './encrypt-redis.js';
import { installRelease } from './install-release.js';
import { Installation } from './installation.js';
import { requireEncryptedRedis } from './require-encrypted-redis.js';
import { talkThroughIngress } from './talk-through-ingress.js';
import type { TestCluster } from './test-cluster.js';

/**
 * Installs the chart by Helm 3 into a namespace of its own, with Redis encrypted and users of its own, talks, upgrades, talks again, and
 * takes it away. Answers a line for people.
 */
export async function tryHelm3(cluster: TestCluster, chart: string): Promise<string> {
  const helm = await findHelm(3);
  if (helm === undefined) return 'NOT TESTED: Helm 3 on a cluster, see above';
  const [namespace, release] = ['chat-helm-3', 'three'];
  const encrypted = await encryptRedis(new Installation(cluster, namespace, release, chart));
  const settings = [...cluster.settings, ...encrypted];
  const installation = new Installation({ ...cluster, helm, settings }, namespace, release, chart);
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
    '180s',
  );
  const gateways = (await installation.pods('app.kubernetes.io/component=gateway')).length;
  if (gateways !== 2) throw new Error(`an upgrade by Helm 3 to two gateways made ${gateways}`);
  await talkThroughIngress(place, 10);
  await installation.helm('uninstall', installation.release, '--wait');
  return `Helm 3, Redis by TLS with users: installed, upgraded to two gateways, removed; ${before}, and so after the upgrade`;
}
