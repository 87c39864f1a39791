import type { Installation, KubernetesObject } from './installation.js';

/** Waits until every workload of the release has all its pods ready and every Job of it has ended well. Rejects when one failed. */
export async function awaitReady(installation: Installation, seconds: number): Promise<void> {
  await installation.until('the installation becomes ready', seconds, async () => {
    const workloads = await installation.list('deployments,statefulsets');
    const jobs = await installation.list('jobs', '');
    const failed = jobs.find((job) => hasCondition(job, 'Failed') && !isOfCronJob(job));
    if (failed) throw new Error(`the Job ${failed.metadata.name} failed`);
    const open = jobs.filter((job) => !hasCondition(job, 'Complete') && !isOfCronJob(job));
    const missing = workloads.filter(
      (each) => (each.status?.readyReplicas ?? 0) < Number(each.spec?.['replicas'] ?? 1),
    );
    const names = [...missing, ...open].map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    return names.length === 0 ? undefined : `not ready: ${names.join(', ')}`;
  });
}

/** Whether a condition of an object is true. */
export function hasCondition({ status }: KubernetesObject, type: string): boolean {
  return status?.conditions?.some((each) => each.type === type && each.status === 'True') === true;
}

function isOfCronJob({ metadata }: KubernetesObject): boolean {
  const { ownerReferences = [] } = metadata as { readonly ownerReferences?: readonly { readonly kind: string }[] };
  return ownerReferences.some(({ kind }) => kind === 'CronJob');
}
