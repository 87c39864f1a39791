import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { programEntry } from '@parlance/devstack';
import { addMonths, createMonth, monthOf } from '@parlance/storage';
import { expect, it } from 'vitest';
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
