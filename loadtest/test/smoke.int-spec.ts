import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { findK6, howToGetK6 } from '../src/k6/find-k6.ts';
import { loadLoadtestConfig } from '../src/k6/loadtest.config.ts';
import { startFaultyGateway } from './faulty-gateway.ts';
import { runSmoke, type SmokeRun } from './run-smoke.ts';
import { startStack } from './start-stack.ts';

let k6: string | undefined;
let directory: string;

beforeAll(async () => {
  k6 = await findK6(loadLoadtestConfig());
  if (k6 === undefined) process.stderr.write(`\nSKIPPED: the load tests did not run. ${howToGetK6}\n\n`);
  directory = await mkdtemp(join(tmpdir(), 'parlance-loadtest-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe.concurrent('the smoke scenario', () => {
  test('every socket sees every message once and in order on the real stack, in one room and in several', {
    timeout: 420_000,
  }, async (ctx) => {
    skipWithoutK6(ctx);
    await using stack = await startStack(directory);
    const [run, other] = await Promise.all([
      smoke(ctx, stack.gatewayUrl),
      smoke(ctx, stack.gatewayUrl, { SOCKETS: '14', ROOMS: '4', RATE: '28', DURATION: '5s' }),
    ]);
    expect(other.exitCode).toBe(0);
    expect(countsOf(other)).toMatchObject({ parlance_complete_sockets: 14, parlance_acknowledged_sends: 140 });
    expect(run.exitCode).toBe(0);
    expect(countsOf(run)).toEqual({
      parlance_complete_sockets: 50,
      parlance_acknowledged_sends: 500,
      parlance_failed_sends: 0,
      parlance_gaps: 0,
      parlance_duplicates: 0,
      parlance_reordered: 0,
      parlance_history_faults: 0,
    });
    process.stdout.write(run.output);
  });

  test('finds each mistake of a faulty gateway and ends with 99', { timeout: 360_000 }, async (ctx) => {
    skipWithoutK6(ctx);
    await using gateway = await startFaultyGateway();
    const run = await smoke(ctx, gateway.gatewayUrl);
    expect(run.exitCode).toBe(99);
    expect(countsOf(run)).toEqual({
      parlance_complete_sockets: 0,
      parlance_acknowledged_sends: 499,
      parlance_failed_sends: 1,
      parlance_gaps: 1,
      parlance_duplicates: 1,
      parlance_reordered: 1,
      parlance_history_faults: 0,
    });
  });

  test('ends with the code of k6 when no gateway answers', { timeout: 120_000 }, async (ctx) => {
    skipWithoutK6(ctx);
    const run = await smoke(ctx, 'http://127.0.0.1:1');
    expect(run.exitCode).toBe(107);
    expect(run.output).toContain('http://127.0.0.1:1/api/v1/dev/token');
  });

  test('says what is wrong with a size that cannot be', { timeout: 120_000 }, async (ctx) => {
    skipWithoutK6(ctx);
    const run = await smoke(ctx, 'http://127.0.0.1:1', { SOCKETS: '3', ROOMS: '2' });
    expect(run.exitCode).toBe(107);
    expect(run.output).toContain('ROOMS=2 needs SOCKETS=4 or more');
  });
});

function skipWithoutK6(ctx: TestContext): void {
  if (k6 === undefined) ctx.skip(howToGetK6);
}

/** Runs the scenario, and shows what it printed when the test fails. */
async function smoke(
  ctx: TestContext,
  gatewayUrl: string,
  size: Readonly<Record<string, string>> = {},
): Promise<SmokeRun> {
  const run = await runSmoke(gatewayUrl, await mkdtemp(join(directory, 'run-')), size);
  ctx.onTestFailed(() => void process.stderr.write(run.output));
  return run;
}

/** The counters of a run; those of k6 itself and the trends are left out. */
function countsOf({ metrics }: SmokeRun): Record<string, number | undefined> {
  const own = Object.entries(metrics).filter(([name, { values }]) => name.startsWith('parlance_') && 'count' in values);
  return Object.fromEntries(own.map(([name, { values }]) => [name, values['count']]));
}
