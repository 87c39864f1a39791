/**
 * Loaded into a service with `node --import`: applies the sabotage that `SABOTAGE` names (with commas between) to the code
 * that is loaded after it, and lets events from Redis be dropped: `DROP_RATE` of them by chance (seeded by `DROP_SEED`), and
 * all of them between two SIGUSR2.
 */
import { seededRandom } from '../seeded-random.js';
import { applySabotages } from './apply-sabotages.js';
import type { SabotageName } from './sabotages.js';

applySabotages((process.env['SABOTAGE'] ?? '').split(',').filter((name) => name !== '') as SabotageName[]);

const rate = Number(process.env['DROP_RATE'] ?? 0);
const random = seededRandom(Number(process.env['DROP_SEED'] ?? 1));
let dropsAll = false;
process.on('SIGUSR2', () => {
  dropsAll = !dropsAll;
});
Object.assign(globalThis, { parlanceDrops: () => dropsAll || random() < rate });
