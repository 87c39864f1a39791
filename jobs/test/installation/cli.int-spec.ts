import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { programEntry } from '@parlance/devstack';
import { addMonths, createMonth, type JobName, monthOf } from '@parlance/storage';
import { UUID } from 'mongodb';
import { expect, it } from 'vitest';
import type { JobContext } from '../../src/index.js';
import { runJob } from '../fixtures/run-job.js';
import { shareDatabase } from '../fixtures/share-database.js';
import type { TestDatabase } from '../fixtures/start-database.js';
import { sealsOf, writeRoom } from '../fixtures/write-rooms.js';

const main = programEntry(fileURLToPath(new URL('../../../', import.meta.url)), 'jobs');
const month = addMonths(monthOf(Date.now()), -2);
const jsonLines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
let server: TestDatabase;
shareDatabase((database) => (server = database));

/** Runs the built command line as a process of its own. */
function jobs(args: readonly string[], uri = server.uri): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: { MONGO_URI: uri } }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

it.concurrent('explains itself, and checks its environment', async () => {
  const help = await jobs(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toMatch(
    /jobs seal-month \[--month YYYY-MM\] \[--dry-run\][^]*jobs audit \[--repair\][^]*MONGO_URI/,
  );
  expect(await jobs(['--check-config'])).toMatchObject({ code: 0, stdout: expect.stringContaining('***') as string });
  expect(await jobs(['--check-config'], '')).toMatchObject({ code: 1 });
  expect(await jobs(['seal-month', '--month', month], '')).toMatchObject({ code: 78 });
  const own = await jobs(['redis-heal', '--help'], '');
  expect(own).toMatchObject({ code: 0, stdout: expect.stringContaining('REDIS_NODES') as string });
});

it.concurrent.each([
  [[], 'no command is named'],
  [['seal'], 'there is no command "seal"'],
  [['restore-month'], '--month YYYY-MM'],
  [['seal-month', '--month', '2026-13'], '--month YYYY-MM'],
  [['seal-month', '--moth', '2026-10'], "'--moth'"],
  [['create-months', '--ahead', 'two'], '--ahead must be'],
  [['audit', '--mend'], "'--mend'"],
  [['create-months', '--wait', 'long'], '--wait must be'],
  [['redis-bootstrap', '--masters', '2'], '--masters must be 3 to 500'],
])('ends with 2 and the reason for %j', async (args, reason) => {
  expect(await jobs(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(reason) as string });
});

it.concurrent('seals a month, and refuses the current one with 3', async () => {
  await createMonth(server.database, month);
  await writeRoom(server.database, 'room', month, 2);
  expect(await jobs(['seal-month', '--month', month])).toMatchObject({ code: 0, stderr: '' });
  expect(await sealsOf(server.database, 'room', month)).toEqual([3]);
  expect(await jobs(['seal-month', '--month', monthOf(Date.now())])).toMatchObject({ code: 3 });
});

it.concurrent('ends with 1 when no MongoDB answers', async () => {
  const away = await jobs(['seal-month', '--month', month], 'mongodb://127.0.0.1:1/parlance');
  expect(away).toMatchObject({ code: 1, stderr: expect.stringContaining('run the same command again') as string });
});

it.concurrent('tells programs its plan, what was done and its end as JSON lines', async () => {
  const { code, stdout, stderr } = await jobs(['create-months', '--ahead', '1', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const created = { kind: 'done', facts: { month: monthOf(Date.now()), state: 'OPEN' } };
  expect(jsonLines(stdout)).toMatchObject([
    { kind: 'plan', verdict: 'run', steps: [{ kind: 'createMonth', reason: expect.any(String) as string }, {}] },
    created,
    { kind: 'done' },
    { kind: 'end', exitCode: 0 },
  ]);
  const refused = await jobs(['seal-month', '--month', monthOf(Date.now()), '--json']);
  expect(jsonLines(refused.stdout)).toMatchObject([
    { kind: 'plan', verdict: 'refused' },
    { kind: 'end', exitCode: 3 },
  ]);
  const wrong = await jobs(['restore-month', '--json']);
  expect(jsonLines(wrong.stdout)).toMatchObject([{ kind: 'end', exitCode: 2, failure: expect.any(String) as string }]);
});

it('keeps when each job began and how it ended, but of no plan and no part', async () => {
  const { database, uri } = server;
  const env = { MONGO_URI: uri };
  const keptOf = async (job: JobName) => await database.jobRuns.findOne({ _id: job });
  const create = async (checkpoint?: JobContext['checkpoint']) => await runJob(['create-months'], env, checkpoint);
  await database.months.deleteMany({});
  await database.jobRuns.deleteMany({});
  const killed = { sees: false };
  const failed = await create(async () => {
    killed.sees = (await keptOf('create-months'))?.begunAt instanceof Date && !(await keptOf('create-months'))?.ended;
    throw new Error('no space');
  });
  expect(failed).toMatchObject({ code: 1 });
  expect(killed).toEqual({ sees: true });
  const broken = await keptOf('create-months');
  const note = 'Error: no space; run the same command again';
  expect(broken?.ended).toMatchObject({ run: broken?.run, exitCode: 1, findings: [], note });
  expect(broken).not.toHaveProperty('succeededAt');
  expect(await create()).toMatchObject({ code: 0 });
  const done = await keptOf('create-months');
  expect(done).toMatchObject({ ended: { exitCode: 0 }, policy: { warmAfterMonths: 1, hasArchive: false } });
  expect(done?.succeededAt).toEqual(done?.ended?.at);
  expect(done?.run).not.toBe(broken?.run);
  await database.months.updateOne({ monthYear: monthOf(Date.now()) }, { $set: { collectionUUID: new UUID() } });
  expect(await runJob(['verify', '--quick'], env)).toMatchObject({ code: 4 });
  const found = { exitCode: 4, findings: [{ kind: 'collection', count: 1 }], note: '1 faults in 3 months' };
  expect(await keptOf('verify')).toMatchObject({ ended: found, succeededAt: expect.any(Date) as Date });
  await runJob(['verify', '--month', monthOf(Date.now()), '--quick'], env);
  await runJob(['seal-month', '--dry-run'], env);
  await runJob(['months'], env);
  expect(await database.jobRuns.distinct('_id')).toEqual(['create-months', 'verify']);
});

it('does what it is for where nothing can be kept, and says so', async () => {
  const { database, uri } = server;
  await database.jobRuns.drop();
  await database.db.createCollection('job_runs', { viewOn: 'months', pipeline: [] });
  const { code, stderr } = await runJob(['create-months'], { MONGO_URI: uri });
  expect(code).toBe(0);
  expect(stderr.join('')).toMatch(/^(what this run came to cannot be kept, [^\n]+; the job goes on\n){2}$/);
  await database.jobRuns.drop();
});
