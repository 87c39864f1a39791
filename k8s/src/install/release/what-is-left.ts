import type { Installation } from './installation.js';

/** Kinds that a release may leave something of. */
const kinds = [
  'pods,deployments,statefulsets,replicasets,jobs,cronjobs,services,configmaps,secrets,serviceaccounts',
  'roles,rolebindings,ingresses,networkpolicies,poddisruptionbudgets,horizontalpodautoscalers',
  'persistentvolumeclaims,chatmonths',
].join(',');

/** Names of what is in the namespace, by kind; without what Kubernetes itself puts into every one. */
export async function whatIsLeft(installation: Installation): Promise<ReadonlyMap<string, readonly string[]>> {
  const left = new Map<string, string[]>();
  for (const { kind, metadata } of await installation.list(kinds, '')) {
    if (metadata.name === 'kube-root-ca.crt' || (kind === 'ServiceAccount' && metadata.name === 'default')) continue;
    left.set(kind, [...(left.get(kind) ?? []), metadata.name]);
  }
  return left;
}
