import { join } from 'node:path';
import { repository } from '../../k8s.config.js';
import type { TestCluster } from '../cluster/test-cluster.js';
import { connectPerson, type IngressPlace } from '../people/person.js';
import { awaitReady } from './await-ready.js';
import { ingressCertificate } from './ingress-certificate.js';
import type { Installation } from './installation.js';
import { putObjectStore } from './object-store.js';

/** Of the certificate that the ingress shows; the test's own, not the chart's. */
export const tlsSecret = 'chat-tls';

/** Puts a release into a namespace of its own and waits until every pod of it is ready and somebody comes in. Answers how. */
export async function installRelease(installation: Installation, host: string): Promise<IngressPlace> {
  const { cluster, namespace, release, chart } = installation;
  const { key, certificate } = await ingressCertificate(host);
  await installation.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  });
  const stringData = { 'tls.key': key, 'tls.crt': certificate };
  await installation.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: tlsSecret },
    stringData,
  });
  const { objectStoreImage } = cluster;
  const store = objectStoreImage === undefined ? [] : await putObjectStore(installation, objectStoreImage);
  await installation.helm('install', release, chart, '--timeout', '600s', ...valuesOf(cluster, host, store));
  await awaitReady(installation, 600);
  const text = await installation.kubectl('get', 'secret', `${release}-secrets`, '--output', 'json');
  const { data } = JSON.parse(text) as { readonly data: Readonly<Record<string, string>> };
  const jwtSecret = Buffer.from(data['JWT_SECRET'] ?? '', 'base64').toString();
  const place = { host, address: cluster.ingressAddress, certificate, jwtSecret };
  // Its controller learns of the pods by itself.
  await installation.until('the ingress leads to a gateway', 300, () =>
    connectPerson('first', place).then(
      ({ leave }) => {
        leave();
        return undefined;
      },
      (thrown: unknown) => String(thrown),
    ),
  );
  return place;
}

function valuesOf(
  { values, settings, ingressClass, ingressNamespace }: TestCluster,
  host: string,
  store: readonly string[],
): readonly string[] {
  const files = [join(repository, 'charts/parlance/ci/laptop-values.yaml'), ...values];
  const own = [
    `ingress.className=${ingressClass}`,
    `ingress.host=${host}`,
    `ingress.tlsSecret=${tlsSecret}`,
    // What the two of the test of addresses can use up in a minute also on a slow machine, and all others together do not.
    'gateway.config.HANDSHAKES_PER_IP_PER_MINUTE=300',
    // A set of three elects another primary.
    'mongodb.config.members=3',
    'mongodb.tiers.hot.members=3',
    // While one is replaced the other routes.
    'mongodb.router.replicas=2',
  ];
  const fence = `[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"${ingressNamespace}"}}}]`;
  return [
    ...files.flatMap((file) => ['--values', file]),
    ...[...settings, ...own, ...store].flatMap((setting) => ['--set', setting]),
    '--set-json',
    `networkPolicy.ingressFrom=${fence}`,
  ];
}
