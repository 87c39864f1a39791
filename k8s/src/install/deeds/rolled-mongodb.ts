import { hasCondition } from '../release/await-ready.js';
import type { Installation } from '../release/installation.js';
import { primaryOf } from './roles.js';

/**
 * Does what changes the templates of some sets of MongoDB, named in the order that they have to be rolled in, and waits until the job
 * `roll-mongodb` has replaced their pods. Rejects when it did so in another order, when the primary of the hot shard was not the last of
 * its set, and when a pod of another set went. Answers the order.
 */
export async function rolledMongodb(
  installation: Installation,
  sets: readonly string[],
  change: () => Promise<unknown>,
): Promise<string> {
  const primary = await primaryOf(installation, 'hot-1');
  const before = new Set((await podsOf(installation)).map(({ metadata }) => metadata.uid));
  await change();
  await installation.until('MongoDB is rolled', 600, async () => {
    const jobs = (await installation.list('jobs')).filter(({ metadata }) => /-mongodb-roll-/.test(metadata.name));
    for (const job of jobs.filter((each) => hasCondition(each, 'Failed'))) {
      throw new Error(
        `${job.metadata.name} failed:\n${await installation.kubectl('logs', `job/${job.metadata.name}`).catch(String)}`,
      );
    }
    const ended = jobs.length > 0 && jobs.every((each) => hasCondition(each, 'Complete'));
    return ended ? undefined : 'its Job runs';
  });
  const all = await podsOf(installation);
  const nameOf = ({ metadata }: Dated): string => metadata.name.replace(`${installation.release}-mongodb-`, '');
  const setOf = (name: string): number => sets.findIndex((set) => name.startsWith(`${set}-`));
  const isNamed = (pod: Dated): boolean => setOf(nameOf(pod)) >= 0;
  const isNew = ({ metadata }: Dated): boolean => !before.has(metadata.uid);
  const wrong = all.filter((pod) => isNew(pod) !== isNamed(pod)).map(nameOf);
  if (wrong.length > 0)
    throw new Error(`${sets.join(', ')} were to be rolled, and it is otherwise with ${wrong.join(', ')}`);
  const names = all
    .filter(isNew)
    .toSorted((one, other) => timeOf(one) - timeOf(other))
    .map(nameOf);
  const said = names.join(', ');
  if (names.some((name, index) => setOf(name) < setOf(names[index - 1] ?? name)))
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
