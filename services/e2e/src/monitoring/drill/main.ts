import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { localRules } from '@parlance/devstack';
import { readOptions } from '../../program/read-options.js';
import { renderTable } from '../../program/table.js';
import { Chatter } from '../stack/chatter.js';
import { startWatchedDeployment } from '../stack/watched-deployment.js';
import { type DrillResult, drillFault, isPassed } from './drill-fault.js';
import { faults } from './faults.js';
import { quickenedRules } from './quickened-rules.js';

const usage = `Usage: node services/e2e/dist/monitoring/drill/main.js [options] [FAULT ...]

Breaks a deployment of its own in one way after the other while people talk, and asks a real Prometheus with the chart's rules which
alerts fire: for each fault the expected one and no other, and none once it is mended. Time passes faster in the rules. Ends with 1
when a fault went otherwise. Without a FAULT, all of them: ${Object.keys(faults).join(', ')}.

  --factor N      how much faster time passes in the rules (default 20)
  --hold SECONDS  how long it stays broken after the alert has fired (default 20)
  --rooms N       rooms of three people (default 4)
  --help          this text
`;

/** So that a range of a rule holds a few scrapes, which are a second apart. */
const leastRangeSeconds = 4;

const repository = fileURLToPath(new URL('../../../../../', import.meta.url));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { factor, hold, rooms, names } = readOptions(
  usage,
  { factor: 20, hold: 20, rooms: 4 },
  { names: { what: 'fault', known: Object.keys(faults) } },
);

const begun = performance.now();
const seconds = (ms: number | undefined): string => (ms === undefined ? 'never' : `${Math.round(ms / 1_000)} s`);
await using watched = await startWatchedDeployment(quickenedRules(localRules(repository), factor, leastRangeSeconds));
const chatter = await Chatter.open(
  rooms,
  watched.parlance.gateways.map(({ url }) => url),
);
chatter.talk(500);
say(
  `two gateways, two chat services, a sharded MongoDB, Redis and Prometheus run; ${seconds(performance.now() - begun)}`,
);
// Ranges of a few minutes become seconds; let them fill.
await delay(15_000);

const results: (readonly [name: string, result: DrillResult])[] = [];
for (const [name, fault] of Object.entries(faults).filter(([each]) => names.length === 0 || names.includes(each))) {
  const deeds = {
    alerts: () => watched.prometheus.alerts(),
    strike: () => fault.strike(watched),
    now: () => performance.now(),
    pause: (ms: number) => delay(ms),
  };
  const result = await drillFault(fault.alert, deeds, { everyMs: 500, holdMs: hold * 1_000, patienceMs: 150_000 });
  results.push([name, result]);
  say(`${isPassed(result) ? 'ok  ' : 'FAIL'} ${name}: ${row(result).join(', ')}`);
}
await chatter.stop();
const broken = await watched.prometheus.brokenRules();
for (const rule of broken) say(`RULE ${rule}`);
const head = ['fault', 'expected', 'fired', 'others', 'to fire', 'to clear', 'was waiting to'];
say(
  `\n${renderTable(
    head,
    results.map(([name, result]) => [name, ...row(result)]),
  )}`,
);
const passed = results.filter(([, result]) => isPassed(result)).length;
say(
  `\n${passed} of ${results.length} faults as expected; time ${factor} times as fast in the rules; ${seconds(performance.now() - begun)}`,
);
process.exitCode = passed === results.length && broken.length === 0 ? 0 : 1;

function row({ expected, toFireMs, toClearMs, others, waiting, unhealthy }: DrillResult): readonly string[] {
  if (unhealthy.length > 0) return [expected, 'not begun', unhealthy.join(' '), '', '', ''];
  const fired = toFireMs === undefined ? 'no' : 'yes';
  return [expected, fired, others.join(' ') || 'none', seconds(toFireMs), seconds(toClearMs), waiting.join(' ')];
}
