import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { findVersitygw } from '@parlance/devstack';
import { repository } from '../../k8s.config.js';
import { cgroupMemory } from './cgroup-memory.js';
import { buildPackedImages } from './packed-images.js';
import { packedNetwork, secondClient, workerNetwork } from './packed-network.js';
import { PackedTool } from './packed-tool.js';
import type { ClusterWish, TestCluster } from './test-cluster.js';
import { weighCgroup } from './weigh-cgroup.js';

/**
 * Starts the Kubernetes that is packed in the tools' folder: a real one of two nodes, as root, without a container engine or a registry.
 * Servers of the data stores are this machine's, put into images, which are built meanwhile; a mongos cannot be had there.
 *
 * @param folder of the tool.
 */
export async function packedCluster(
  folder: string,
  { workdir, isBuilt, say, begun }: ClusterWish,
): Promise<TestCluster> {
  const at = workdir ?? (await mkdtemp('/var/tmp/pk-'));
  const tool = new PackedTool(folder, at, workdir !== undefined);
  begun(() => tool.end());
  const versitygw = await findVersitygw();
  const images = isBuilt ? undefined : buildPackedImages(tool.in('images'), say);
  // Whoever awaits it hears of it.
  images?.catch(() => {});
  try {
    if (!(await tool.isUp())) await start(tool, say);
    await tool.place.execute('ip', ['address', 'replace', `${secondClient.address}/32`, 'dev', secondClient.link]);
  } catch (thrown) {
    await tool.end();
    throw thrown;
  }
  return {
    text: 'Kubernetes 1.35.4, packed, two nodes',
    env: tool.place.env,
    kubectl: join(at, 'bin/kubectl'),
    helm: join(at, 'bin/helm'),
    ingressAddress: packedNetwork.NODE_IP,
    ingressClass: 'traefik',
    ingressNamespace: 'traefik',
    clientAddresses: [secondClient.address, packedNetwork.HOST_IP],
    hasAddonCrds: true,
    values: [join(repository, 'k8s/install/without-mongos-values.yaml')],
    settings: [
      'global.imageRegistry=localhost',
      'global.imageTag=test',
      'redis.image.name=localhost/parlance-test-redis:test',
      'redis.image.server=redis-server',
      'mongodb.image.name=localhost/parlance-test-mongodb:test',
      'mongodb.router.image.name=localhost/parlance-router:test',
    ],
    nodeImage: 'localhost/parlance-gateway:test',
    objectStoreImage: versitygw === undefined ? undefined : 'localhost/parlance-test-s3:test',
    notes: [
      'There is no image with mongos here: the router of devstack is in its place, and MongoDB asks nobody who they are.',
    ],
    putImages: async () => {
      if (images) await importImages(tool, await images);
    },
    memoryMiB: () => cgroupMemory(`kube-${packedNetwork.NAME}`),
    end: () => tool.end(),
    leave: () => tool.leave(),
  };
}

async function start(tool: PackedTool, say: (line: string) => void): Promise<void> {
  say('starting the cluster');
  await startNode(tool, '.', 'up.sh', {});
  // The ingress controller has ports of the first node, and brings the Gateway API along; of the other two there are only CRDs.
  await tool.place.run('addons.sh', ['traefik', 'prometheus-operator', 'keda']);
  await startNode(tool, `nodes/${workerNetwork.NAME}`, 'add-node.sh', workerNetwork.env);
  for (const node of [packedNetwork.NAME, workerNetwork.NAME]) await weighCgroup(`kube-${node}`, 10);
  await tool.place.run('get-helm.sh');
}

/** On a busy machine the process of a node has been seen to be gone before its network was made. */
async function startNode(
  tool: PackedTool,
  node: string,
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const start = (): Promise<unknown> => tool.place.run(script, [], env);
  await start().catch(async () => {
    await tool.in(node).run('down.sh');
    await start();
  });
}

/** Gives every node the images of an archive. */
async function importImages(tool: PackedTool, archive: string): Promise<void> {
  const ctr = join(tool.place.workdir, 'root/usr/bin/ctr');
  const nodes = await tool.nodeFolders();
  const imported = nodes.map((node) =>
    tool.place.execute(ctr, ['-a', join(node, 'containerd.sock'), '-n', 'k8s.io', 'images', 'import', archive]),
  );
  await Promise.all(imported);
}
