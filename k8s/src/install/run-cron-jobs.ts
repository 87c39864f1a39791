import { hasCondition } from './await-ready.js';
import type { Installation } from './installation.js';

/** Runs every CronJob of the release once, by hand, one after the other as the lease wants it, and answers a line for each. */
export async function runCronJobs(installation: Installation): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { metadata } of await installation.list('cronjobs')) {
    const name = `${metadata.name}-by-hand`.slice(0, 63);
    const made = await installation.kubectl(
      'create',
      'job',
      name,
      `--from=cronjob/${metadata.name}`,
      '--dry-run=client',
      '--output',
      'json',
    );
    const job = JSON.parse(made) as { readonly metadata: object };
    // Without an owner: the CronJob would count it to its history and delete it under the hand.
    await installation.apply({ ...job, metadata: { ...job.metadata, ownerReferences: [] } });
    await installation.until(`${metadata.name} ends`, 120, async () => {
      const [found] = (await installation.list('jobs', '')).filter((each) => each.metadata.name === name);
      if (!found) return 'there is no such Job';
      if (hasCondition(found, 'Failed')) {
        throw new Error(`${name} failed:\n${await installation.kubectl('logs', `job/${name}`).catch(String)}`);
      }
      return hasCondition(found, 'Complete') ? undefined : 'it runs';
    });
    const said = (await installation.kubectl('logs', `job/${name}`)).trim().split('\n').at(-1) ?? '';
    await installation.kubectl('delete', 'job', name);
    lines.push(`${metadata.name}: ${said}`);
  }
  return lines;
}
