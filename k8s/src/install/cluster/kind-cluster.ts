import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../../k8s.config.js';
import { runProgram } from '../run-program.js';
import { type ClusterWish, productImages, type TestCluster } from './test-cluster.js';

/**
 * Starts kind with k8s/kind.yaml and Traefik by its chart. Needs kind, kubectl, helm and a container engine; images of the
 * data stores are pulled.
 */
export async function kindCluster({ isBuilt, say, begun }: ClusterWish): Promise<TestCluster> {
  const kubeconfig = join(await mkdtemp(join(tmpdir(), 'parlance-kind-')), 'kubeconfig');
  const env = { KUBECONFIG: kubeconfig };
  const name = 'parlance-test';
  const end = async (): Promise<void> =>
    void (await runProgram('kind', ['delete', 'cluster', '--name', name], { env }));
  begun(end);
  say('starting kind');
  await runProgram(
    'kind',
    ['create', 'cluster', '--name', name, '--config', join(repository, 'k8s/kind.yaml'), '--wait', '180s'],
    { env },
  );
  try {
    const classes = join(repository, 'k8s/install/kind-storage-classes.yaml');
    await runProgram('kubectl', ['apply', '--filename', classes], { env });
    say('installing Traefik');
    await runProgram(
      'helm',
      [
        'install',
        'traefik',
        'traefik',
        '--repo',
        'https://traefik.github.io/charts',
        '--namespace',
        'traefik',
        '--create-namespace',
        '--values',
        join(repository, 'k8s/install/kind-traefik-values.yaml'),
        '--wait',
      ],
      { env },
    );
  } catch (thrown) {
    await end();
    throw thrown;
  }
  return {
    text: 'kind',
    env,
    kubectl: 'kubectl',
    helm: 'helm',
    ingressAddress: '127.0.0.1',
    ingressClass: 'traefik',
    ingressNamespace: 'traefik',
    clientAddresses: undefined,
    hasAddonCrds: false,
    values: [join(repository, 'k8s/install/kind-tiers-values.yaml')],
    settings: ['global.imageRegistry=localhost', 'global.imageTag=test'],
    nodeImage: 'localhost/parlance-gateway:test',
    objectStoreImage: undefined,
    notes: [],
    async putImages() {
      if (isBuilt) return;
      for (const [image, file] of Object.entries(productImages)) {
        const tag = `localhost/parlance-${image}:test`;
        say(`building ${image}`);
        await runProgram('docker', ['build', '--tag', tag, '--file', join(repository, file), repository]);
        await runProgram('kind', ['load', 'docker-image', '--name', name, tag]);
      }
    },
    memoryMiB: () => Promise.resolve(undefined),
    end,
    leave: () => {},
  };
}

/** Whether kind and a container engine answer. */
export async function kindIsThere(): Promise<boolean> {
  try {
    await runProgram('kind', ['version'], { timeoutMs: 10_000 });
    await runProgram('docker', ['info'], { timeoutMs: 20_000 });
    return true;
  } catch {
    return false;
  }
}
