import type { Installation } from '../release/installation.js';

/** The pod of a set of MongoDB members that is its primary, as their logs tell. Rejects when none says so. */
export function primaryOf(installation: Installation, set: string): Promise<string> {
  return lastWith(
    installation,
    `parlance.dev/set=${set}`,
    /"Replica set state transition","attr":\{"newState":"(\w+)"/g,
    'PRIMARY',
  );
}

/** A Redis pod that others follow, as the logs tell. Rejects when none says so. */
export function redisMaster(installation: Installation): Promise<string> {
  return lastWith(
    installation,
    'app.kubernetes.io/component=redis',
    /(Synchronization with replica|Connecting to (?:MASTER|PRIMARY))/g,
    'Synchronization with replica',
  );
}

/** The first pod whose last word of a kind is the wanted one: logs are the one thing that every image has. */
async function lastWith(installation: Installation, selector: string, words: RegExp, wanted: string): Promise<string> {
  const pods = await installation.pods(selector);
  const said: string[] = [];
  for (const { metadata } of pods) {
    const log = await installation.kubectl('logs', metadata.name);
    const last = [...log.matchAll(words)].at(-1)?.[1];
    if (last === wanted) return metadata.name;
    said.push(`${metadata.name}: ${last ?? 'nothing'}`);
  }
  throw new Error(`none of the pods of ${selector} says ${wanted}: ${said.join(', ')}`);
}
