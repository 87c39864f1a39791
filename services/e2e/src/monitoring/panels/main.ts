import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { localNames, localRules } from '@parlance/devstack';
import { readOptions } from '../../program/read-options.js';
import { renderTable } from '../../program/table.js';
import { Chatter } from '../stack/chatter.js';
import { startWatchedDeployment, type WatchedDeployment } from '../stack/watched-deployment.js';
import { dashboardDrawing } from './dashboard-drawing.js';
import { readDashboards } from './dashboard-panels.js';
import { surveyPanels } from './survey-panels.js';

const usage = `Usage: node services/e2e/dist/monitoring/panels/main.js [options]

Asks a real Prometheus every query of every dashboard of the chart, while people talk and jobs run on a deployment of its own, and
draws each dashboard as SVG. A panel has data when one of its queries gives a value. Ends with 1 when one has none; panels
that only show what kube-state-metrics or other exporters tell are named, since none of those runs here.

  --seconds N    how long people talk (default 90)
  --rooms N      rooms of three people (default 8)
  --into FOLDER  where the drawings go (default docs/dashboards)
  --help         this text
`;

const repository = fileURLToPath(new URL('../../../../../', import.meta.url));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const {
  seconds,
  rooms,
  into = join(repository, 'docs/dashboards'),
} = readOptions(usage, { seconds: 90, rooms: 8 }, { texts: ['into'] });

const dashboards = await readDashboards(join(repository, 'charts/parlance/files'));
await using watched = await startWatchedDeployment(localRules(repository));
say('two gateways, two chat services, a sharded MongoDB, Redis and Prometheus run');
const chatter = await Chatter.open(
  rooms,
  watched.parlance.gateways.map(({ url }) => url),
);
const from = Math.floor(Date.now() / 1_000);
chatter.talk(500);
await Promise.all([delay(seconds * 1_000), runJobs(watched)]);
const span = { from: from + 5, to: Math.floor(Date.now() / 1_000), stepSeconds: 2 };
await chatter.stop();
for (const broken of await watched.prometheus.brokenRules()) say(`RULE ${broken}`);

const variables = { ...localNames, __rate_interval: '10s', __interval: '2s', __range: `${span.to - span.from}s` };
await mkdir(into, { recursive: true });
const rows: (readonly (string | number)[])[] = [];
const notes: string[] = [];
for (const dashboard of dashboards) {
  const surveyed = await surveyPanels(dashboard, watched.prometheus, variables, span);
  await writeFile(join(into, `${dashboard.name}.svg`), dashboardDrawing(dashboard, surveyed, span));
  const count = (wanted: string): number => surveyed.filter(({ outcome }) => outcome === wanted).length;
  rows.push([dashboard.title, surveyed.length, count('data'), count('none'), count('elsewhere')]);
  for (const { panel, outcome } of surveyed.filter((each) => each.outcome !== 'data')) {
    const why = outcome === 'none' ? 'NO DATA' : 'not of the product';
    notes.push(`${why}: ${dashboard.title}, ${panel.title}`);
  }
}
const total = (column: number): number => rows.reduce((sum, row) => sum + Number(row[column]), 0);
say(`\n${renderTable(['dashboard', 'panels', 'with data', 'without', 'of exporters'], rows)}`);
for (const note of notes) say(note);
say(`\npanels with data / panels: ${total(2)} / ${total(1) - total(4)} (${total(4)} more need exporters)`);
process.exitCode = total(3) === 0 ? 0 : 1;

/** All that runs by itself in an installation. */
async function runJobs({ runJob }: WatchedDeployment): Promise<void> {
  await runJob('create-months');
  await runJob('migrate-tiers', '--wait', '60');
  await runJob('archive-months', '--wait', '60');
  for (const job of ['backup', 'verify', 'scrub-archive', 'audit', 'apply-retention', 'fold-events']) {
    await runJob(job, ...(job === 'verify' || job === 'audit' ? [] : ['--wait', '60']));
  }
}
