import { hasCondition } from './await-ready.js';
import type { Installation } from './installation.js';
import { primaryOf } from './roles.js';

/** The sets of MongoDB in the order that they are rolled in. */
const order = ['config', 'hot-1', 'warm-1', 'cold-1', 'router'] as const;

/**
 * Does what changes the template of MongoDB's pods, and waits until the job `roll-mongodb` has replaced all of them. Rejects when it did so in
 * another order than config servers, shards, routers, or did not take the primary of the hot shard last. Answers the order.
 */
export async function rolledMongodb(installation: Installation, change: () => Promise<unknown>): Promise<string> {
  const primary = await primaryOf(installation, 'hot-1');
  const before = new Set((await podsOf(installation)).map(({ metadata }) => metadata.uid));
  await change();
  await installation.until('MongoDB is rolled', 300, async () => {
    const jobs = (await installation.list('jobs')).filter(({ metadata }) => /-mongodb-roll-/.test(metadata.name));
    for (const job of jobs.filter((each) => hasCondition(each, 'Failed'))) {
      throw new Error(
        `${job.metadata.name} failed:\n${await installation.kubectl('logs', `job/${job.metadata.name}`).catch(String)}`,
      );
    }
    if (jobs.length === 0) return 'there is no Job';
    const left = (await podsOf(installation)).filter(({ metadata }) => before.has(metadata.uid));
    if (left.length > 0) return `${left.length} pods are the old ones`;
    return jobs.every((each) => hasCondition(each, 'Complete')) ? undefined : 'the Job runs';
  });
  const pods = (await podsOf(installation)).toSorted((one, other) => timeOf(one) - timeOf(other));
  const names = pods.map(({ metadata }) => metadata.name.replace(`${installation.release}-mongodb-`, ''));
  const places = names.map((name) => order.findIndex((set) => name.startsWith(set)));
  const said = names.join(', ');
  if (places.some((place, index) => place < (places[index - 1] ?? 0)))
    throw new Error(`MongoDB was rolled in this order: ${said}`);
  const lastOfHot = names.filter((name) => name.startsWith('hot-1')).at(-1);
  if (!primary.endsWith(String(lastOfHot)))
    throw new Error(`${primary} was primary of hot-1, and MongoDB was rolled so: ${said}`);
  return said;
}

async function podsOf(installation: Installation): Promise<readonly Dated[]> {
  const pods = await installation.pods('app.kubernetes.io/component in (mongodb, mongodb-router)');
  return pods as unknown as readonly Dated[];
}

function timeOf({ metadata }: Dated): number {
  return Date.parse(metadata.creationTimestamp);
}

interface Dated {
  readonly metadata: { readonly name: string; readonly uid: string; readonly creationTimestamp: string };
}
