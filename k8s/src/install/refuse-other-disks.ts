import type { Installation } from './release/installation.js';

const notRefused = 'it was not refused';

/** Values of disks that stand, each with another one: a StatefulSet keeps its claims as they are. */
const others = {
  'mongodb.tiers.hot.storage.size': '2Gi',
  'mongodb.tiers.warm.storage.className': 'other',
  'redis.storage.size': '128Mi',
} as const;

/**
 * Upgrades to other disks, which has to be refused with the paths of all values at once, and to the same size in other words, which has not.
 * Nothing is changed. Answers a line for people.
 */
export async function refuseOtherDisks(installation: Installation): Promise<string> {
  const dryRun = (settings: Readonly<Record<string, string>>): Promise<string> =>
    installation
      .helm(
        'upgrade',
        installation.release,
        installation.chart,
        '--reuse-values',
        '--dry-run=server',
        ...Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${value}`]),
      )
      .then(() => notRefused, String);
  const said = await dryRun(others);
  const missing = Object.keys(others).filter((path) => !said.includes(`- ${path}: `));
  if (missing.length > 0) throw new Error(`an upgrade to other disks does not name ${missing.join(', ')}: ${said}`);
  const same = await dryRun({ 'mongodb.tiers.hot.storage.size': '1024Mi', 'redis.storage.size': '65536Ki' });
  if (same !== notRefused) throw new Error(`an upgrade to disks of the same size is refused: ${same}`);
  return `an upgrade to other disks is refused, with ${Object.keys(others).join(', ')}`;
}
