import type { Installation } from './installation.js';

const port = 7070;
const accessKeyId = 'test-access-key';
const secretAccessKey = 'test-secret-access-key';

/**
 * Puts an S3 server with one empty bucket into a namespace of its own and its secret key where the chart looks for it. Answers the
 * values that lead the archive there.
 */
export async function putObjectStore(installation: Installation, image: string): Promise<readonly string[]> {
  const namespace = 'object-store';
  const labels = { app: namespace };
  await installation.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await installation.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: namespace, namespace, labels },
    spec: {
      enableServiceLinks: false,
      securityContext: { runAsUser: 999, fsGroup: 999 },
      containers: [
        {
          name: 'versitygw',
          image,
          command: ['versitygw', '--quiet', '--port', `:${port}`, 'posix', '/data'],
          env: [
            { name: 'ROOT_ACCESS_KEY', value: accessKeyId },
            { name: 'ROOT_SECRET_KEY', value: secretAccessKey },
          ],
          volumeMounts: [
            { name: 'data', mountPath: '/data' },
            { name: 'bucket', mountPath: '/data/archive' },
          ],
        },
      ],
      volumes: [
        { name: 'data', emptyDir: {} },
        { name: 'bucket', emptyDir: {} },
      ],
    },
  });
  await installation.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: namespace, namespace },
    spec: { selector: labels, ports: [{ port }] },
  });
  await installation.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `${installation.release}-secrets` },
    stringData: { ARCHIVE_S3_SECRET_ACCESS_KEY: secretAccessKey },
  });
  return [
    'archive.driver=s3',
    'archive.s3.bucket=archive',
    `external.objectStore.endpoint=http://${namespace}.${namespace}.svc.cluster.local:${port}`,
    'external.objectStore.pathStyle=true',
    `external.objectStore.accessKeyId=${accessKeyId}`,
    `networkPolicy.externalPorts={443,${port}}`,
  ];
}
