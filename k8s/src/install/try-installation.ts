import { join } from 'node:path';
import { repository } from '../k8s.config.js';
import { awaitReady } from './await-ready.js';
import { doDeeds } from './deeds.js';
import { ingressCertificate } from './ingress-certificate.js';
import { Installation } from './installation.js';
import { Load } from './load.js';
import { runCronJobs } from './run-cron-jobs.js';
import { talkThroughIngress } from './talk-through-ingress.js';
import type { TestCluster } from './test-cluster.js';
import { whatIsLeft } from './what-is-left.js';

const host = 'chat.test';
const release = 'chat';
/** Of the certificate that the ingress shows; the test's own, not the chart's. */
const tlsSecret = 'chat-tls';

/**
 * Installs the chart with everything in it, talks through it, runs its jobs, removes it, and looks what is left. Rejects at the
 * first thing that is not as it should be.
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
  const installation = new Installation(cluster, 'chat', release, join(repository, 'charts/parlance'));
  const { key, certificate } = await ingressCertificate(host);
  await installation.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: installation.namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
  const data = { 'tls.key': key, 'tls.crt': certificate };
  await installation.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: tlsSecret },
    stringData: data,
  });

  say('helm install');
  const begun = performance.now();
  await installation.helm('install', release, installation.chart, ...valuesOf(cluster));
  await awaitReady(installation, 300);
  say(`every pod is ready, ${seconds(begun)} s after helm install began`);
  say(`\n${await installation.kubectl('get', 'pods')}`);

  await installation.helm('test', release);
  say('helm test passed');
  const secrets = JSON.parse(await installation.kubectl('get', 'secret', `${release}-secrets`, '--output', 'json')) as {
    readonly data: Readonly<Record<string, string>>;
  };
  const jwtSecret = Buffer.from(secrets.data['JWT_SECRET'] ?? '', 'base64').toString();
  const address = cluster.ingressAddress;
  say(`wss://${host}: ${await talkThroughIngress({ host, address, certificate, jwtSecret }, 20)}`);
  say(`first message through the ingress ${seconds(begun)} s after helm install began`);

  const load = await Load.start({ host, address, certificate, jwtSecret }, 20);
  await doDeeds(installation, load, say);

  for (const line of await runCronJobs(installation)) say(line);
  say(`\n${await installation.kubectl('get', 'months')}`);
  const memory = await cluster.memoryMiB();
  if (memory !== undefined) say(`all pods together held ${memory} MiB at most`);

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

function valuesOf({ values, settings, ingressClass, ingressNamespace }: TestCluster): readonly string[] {
  const files = [join(repository, 'charts/parlance/ci/laptop-values.yaml'), ...values];
  const fence = `[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"${ingressNamespace}"}}}]`;
  return [
    ...files.flatMap((file) => ['--values', file]),
    ...[
      ...settings,
      `ingress.className=${ingressClass}`,
      `ingress.host=${host}`,
      `ingress.tlsSecret=${tlsSecret}`,
    ].flatMap((setting) => ['--set', setting]),
    '--set-json',
    `networkPolicy.ingressFrom=${fence}`,
  ];
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1_000);
}
