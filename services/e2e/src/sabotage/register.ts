/**
 * Loaded into a service with `node --import`: applies the sabotage that `SABOTAGE` names (with commas between) to the code
 * that is loaded after it, and lets events from Redis be dropped: `DROP_RATE` of them by chance (seeded by `DROP_SEED`), and
 * all of them between two SIGUSR2.
 */
import { registerHooks } from 'node:module';
import { seededRandom } from '../seeded-random.js';
import { applyEdits } from './sabotage.js';
import { type SabotageName, sabotages } from './sabotages.js';

const names = (process.env['SABOTAGE'] ?? '').split(',').filter((name) => name !== '') as SabotageName[];
const edits = names.flatMap((name) => sabotages[name].edits);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!edits.some(({ file }) => url.endsWith(file))) return loaded;
    return { ...loaded, source: applyEdits(edits, url, Buffer.from(loaded.source as Uint8Array).toString()) };
  },
});

const rate = Number(process.env['DROP_RATE'] ?? 0);
const random = seededRandom(Number(process.env['DROP_SEED'] ?? 1));
let dropsAll = false;
process.on('SIGUSR2', () => {
  dropsAll = !dropsAll;
});
Object.assign(globalThis, { parlanceDrops: () => dropsAll || random() < rate });
