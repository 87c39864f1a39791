import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localNames, startPrometheus, waitUntil } from '@parlance/devstack';
import { addMonths, monthOf } from '@parlance/storage';
import { type Deployment, startDeployment } from '../../deployment/start-deployment.js';
import { testSecrets } from '../../deployment/test-secrets.js';
import { sabotageArguments } from '../../sabotage/sabotage-arguments.js';
import { type JobOutcome, type JobRun, type JobStart, startJob } from '../../tiers/operator/job-run.js';
import { PrometheusApi } from './prometheus-api.js';

/** Months before this one that are there from the start. */
const oldMonths = 4;

const monthMs = 30.44 * 86_400_000;

/** A Parlance with all its parts, and a Prometheus that scrapes it each second. */
export interface WatchedDeployment extends AsyncDisposable {
  readonly parlance: Deployment;
  readonly prometheus: PrometheusApi;
  /** With the database's name. */
  readonly mongoUri: string;
  /** The folder of the archive. */
  readonly archivePath: string;
  /** Runs a command of `jobs` to its end. Throws when it fails or is refused; to have found something is no failure. */
  runJob(...args: readonly string[]): Promise<JobOutcome>;
  /** Starts one that is struck at a checkpoint. */
  strikeJob(strike: JobStart['strike'], ...args: readonly string[]): JobRun;
}

/**
 * Starts two gateways, two chat services, a Redis, a sharded MongoDB whose last {@link oldMonths} months are sealed, the oldest
 * copied into an archive in a folder, the others due to move from the hot shards, and a Prometheus that knows `rules`. Resolves when Prometheus has heard of all. `await using`
 * stops it and deletes its data. What jobs know is read each second, not each minute.
 */
export async function startWatchedDeployment(rules?: string): Promise<WatchedDeployment> {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-monitoring-'));
  const archive = { ARCHIVE_DRIVER: 'file', ARCHIVE_PATH: join(folder, 'archive') };
  await using started = new AsyncDisposableStack();
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const nodeArgsOf = (name: string): readonly string[] => (name.startsWith('chat-service') ? sabotageArguments : []);
  const envOf = () => ({ SABOTAGE: 'inventory-read-soon' });
  const parlance = started.use(
    await startDeployment({ mongo: 'sharded', gateways: 2, chatServices: 2, env: archive, envOf, nodeArgsOf }),
  );
  const mongoUri = parlance.mongo.uri.replace(/\/(?=\?|$)/, '/parlance');
  const env = {
    MONGO_URI: mongoUri,
    BODY_HASH_KEY: testSecrets.bodyHashKey,
    ...archive,
  };
  const runJob = async (clockOffsetMs: number, args: readonly string[]): Promise<JobOutcome> => {
    const outcome = await startJob({ args, env, clockOffsetMs }).ended;
    if (outcome.exitCode !== 0 && outcome.exitCode !== 4)
      throw new Error(`jobs ${args.join(' ')} ended with ${outcome.exitCode}: ${outcome.said.slice(0, 500)}`);
    return outcome;
  };
  await runJob(-oldMonths * monthMs, ['create-months', '--ahead', String(oldMonths)]);
  await runJob(0, ['seal-month']);
  await runJob(0, ['archive-months', '--month', addMonths(monthOf(Date.now()), -oldMonths)]);
  const scraped = (job: string, services: Deployment['chatServices']) =>
    services.map(({ process, opsUrl }) => ({ job, pod: process.name, address: new URL(opsUrl).host }));
  const prometheus = await startPrometheus({
    folder: join(folder, 'prometheus'),
    targets: [...scraped(localNames.gateway, parlance.gateways), ...scraped(localNames.chat, parlance.chatServices)],
    intervalSeconds: 1,
    rules,
  });
  started.defer(() => prometheus.process.stop());
  const api = new PrometheusApi(prometheus.url);
  await waitUntil(async () => ((await api.targets()).every((health) => health === 'up') ? true : undefined), {
    what: 'Prometheus to have scraped every gateway and chat service',
    timeoutMs: 60_000,
  });
  const all = started.move();
  return {
    parlance,
    prometheus: api,
    mongoUri,
    archivePath: archive.ARCHIVE_PATH,
    runJob: (...args) => runJob(0, args),
    strikeJob: (strike, ...args) => startJob({ args, env, clockOffsetMs: 0, ...(strike ? { strike } : {}) }),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
