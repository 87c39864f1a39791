import { describe, expect, test } from 'vitest';
import { startFaultyGateway } from './faulty-gateway.ts';
import { hasK6 } from './has-k6.ts';
import { countsOf, runScenario } from './run-scenario.ts';

describe.skipIf(!hasK6).concurrent('the smoke scenario', () => {
  test('finds each mistake of a faulty gateway and ends with 99', { timeout: 360_000 }, async (ctx) => {
    await using gateway = await startFaultyGateway({ lost: 100, twice: 200, late: 300, refused: 401 });
    const run = await runScenario(ctx, 'smoke', gateway.gatewayUrl);
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
    const run = await runScenario(ctx, 'smoke', 'http://127.0.0.1:1');
    expect(run.exitCode).toBe(107);
    expect(run.output).toContain('http://127.0.0.1:1/api/v1/dev/token');
  });

  test('says what is wrong with a size that cannot be', { timeout: 120_000 }, async (ctx) => {
    const run = await runScenario(ctx, 'smoke', 'http://127.0.0.1:1', { SOCKETS: '3', ROOMS: '2' });
    expect(run.exitCode).toBe(107);
    expect(run.output).toContain('ROOMS=2 needs SOCKETS=4 or more');
  });
});
