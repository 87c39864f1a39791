import { hasCondition } from './await-ready.js';
import type { Installation } from './installation.js';

/** Runs every CronJob of the release once, by hand, one after the other as the lease wants it, and answers a line for each. */
export async function runCronJobs(installation: Installation): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { metadata } of await installation.list('cronjobs')) {
    const name = `${metadata.name}-by-hand`.slice(0, 63);
    await installation.kubectl('create', 'job', name, `--from=cronjob/${metadata.name}`);
    await installation.until(`${metadata.name} ends`, 120, async () => {
      const [job] = (await installation.list('jobs', '')).filter((each) => each.metadata.name === name);
      if (!job) return 'there is no such Job';
      if (hasCondition(job, 'Failed')) {
        throw new Error(`${name} failed:\n${await installation.kubectl('logs', `job/${name}`).catch(String)}`);
      }
      return hasCondition(job, 'Complete') ? undefined : 'it runs';
    });
    const said = (await installation.kubectl('logs', `job/${name}`)).trim().split('\n').at(-1) ?? '';
    lines.push(`${metadata.name}: ${said}`);
  }
  return lines;
}
