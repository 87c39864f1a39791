import { join } from 'node:path';
import { repository } from '../k8s.config.js';
import { awaitReady } from './await-ready.js';
import { ingressCertificate } from './ingress-certificate.js';
import type { Installation } from './installation.js';
import { putObjectStore } from './object-store.js';
import { connectPerson, type IngressPlace } from './person.js';
import type { TestCluster } from './test-cluster.js';

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
  await installation.helm('install', release, chart, ...valuesOf(cluster, host, store));
  await awaitReady(installation, 300);
  const text = await installation.kubectl('get', 'secret', `${release}-secrets`, '--output', 'json');
  const { data } = JSON.parse(text) as { readonly data: Readonly<Record<string, string>> };
  const jwtSecret = Buffer.from(data['JWT_SECRET'] ?? '', 'base64').toString();
  const place = { host, address: cluster.ingressAddress, certificate, jwtSecret };
  // Its controller learns of the pods by itself.
  await installation.until('the ingress leads to a gateway', 60, () =>
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
