import type { Checks } from './checks.js';
import { hasCondition } from './release/await-ready.js';
import type { Installation } from './release/installation.js';

/**
 * Runs every CronJob of the release once, by hand, three at a time: those that run alone wait for each other. A claim for each. Those of the
 * archive are not tried where there is none.
 */
export async function runCronJobs(installation: Installation, checks: Checks): Promise<void> {
  // All lanes take from the same.
  const names = (await installation.list('cronjobs')).map(({ metadata }) => metadata.name).values();
  const lane = async (): Promise<void> => {
    for (const name of names) await checks.claim(`the CronJob ${name} does its work`, () => runOne(installation, name));
  };
  await Promise.all([lane(), lane(), lane()]);
  if (installation.cluster.objectStoreImage === undefined)
    checks.skip('the CronJobs of archive and backup', 'this cluster has no object store');
}

async function runOne(installation: Installation, cronJob: string): Promise<string> {
  const name = `${cronJob}-by-hand`.slice(0, 63);
  const made = await installation.kubectl(
    'create',
    'job',
    name,
    `--from=cronjob/${cronJob}`,
    '--dry-run=client',
    '--output',
    'json',
  );
  const job = JSON.parse(made) as { readonly metadata: object };
  // Without an owner: the CronJob would count it to its history and delete it under the hand.
  await installation.apply({ ...job, metadata: { ...job.metadata, ownerReferences: [] } });
  await installation.until(`${cronJob} ends`, 600, async () => {
    const [found] = (await installation.list('jobs', '')).filter((each) => each.metadata.name === name);
    if (!found) return 'there is no such Job';
    if (hasCondition(found, 'Failed')) {
      throw new Error(`${name} failed:\n${await installation.kubectl('logs', `job/${name}`).catch(String)}`);
    }
    return hasCondition(found, 'Complete') ? undefined : 'it runs';
  });
  // One that found its database busy has been tried again.
  const pods = await installation.list('pods', `job-name=${name}`);
  const [done] = pods.filter(({ status }) => status?.phase === 'Succeeded');
  const said = (await installation.kubectl('logs', String(done?.metadata.name))).trim().split('\n').at(-1) ?? '';
  await installation.kubectl('delete', 'job', name);
  return said;
}
