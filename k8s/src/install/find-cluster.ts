import { k8sEnvironment } from '../k8s.config.js';
import { givenCluster } from './given-cluster.js';
import { kindCluster, kindIsThere } from './kind-cluster.js';
import { packedCluster, packedTool } from './packed-cluster.js';
import type { TestCluster } from './test-cluster.js';

/**
 * The cluster of KUBECONFIG if there is one, else kind where a container engine runs, else the packed one. Undefined where none
 * of them can be had.
 *
 * @param begun told how to end what is about to be started.
 */
export async function findCluster(
  workdir: string | undefined,
  say: (line: string) => void,
  begun: (end: () => Promise<void>) => void,
): Promise<TestCluster | undefined> {
  const { kubeconfig } = k8sEnvironment();
  if (kubeconfig !== undefined) return givenCluster(kubeconfig);
  if (await kindIsThere()) return await kindCluster(say, begun);
  const tool = packedTool();
  return tool === undefined ? undefined : await packedCluster(tool, workdir, say, begun);
}
