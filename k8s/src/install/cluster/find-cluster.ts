import { k8sEnvironment } from '../../k8s.config.js';
import { givenCluster } from './given-cluster.js';
import { kindCluster, kindIsThere } from './kind-cluster.js';
import { packedCluster } from './packed-cluster.js';
import { findPackedTool } from './packed-tool.js';
import type { ClusterWish, TestCluster } from './test-cluster.js';

/** The cluster of KUBECONFIG if there is one, else kind where a container engine runs, else the packed one; or why there is none. */
export async function findCluster(wish: ClusterWish): Promise<TestCluster | { readonly missing: string }> {
  const { kubeconfig } = k8sEnvironment();
  if (kubeconfig !== undefined) return givenCluster(kubeconfig);
  if (await kindIsThere()) return await started(kindCluster(wish));
  const tool = findPackedTool();
  if ('missing' in tool)
    return { missing: `there is no KUBECONFIG, no kind with a container engine, and ${tool.missing}` };
  return await started(packedCluster(tool.folder, wish));
}

/** A cluster that does not start says nothing of what would be installed on it. */
async function started(cluster: Promise<TestCluster>): Promise<TestCluster | { readonly missing: string }> {
  return await cluster.catch((thrown: unknown) => ({
    missing: `no cluster could be started: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
  }));
}
