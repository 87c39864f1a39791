import { startTestStack, type TestStack } from '@parlance/devstack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasK6 } from './has-k6.ts';
import { countsOf, crossedIn, runScenario } from './run-scenario.ts';

/** Each with a size of seconds, and what it has to count then. */
const cases: readonly (readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, number>>])[] = [
  ['smoke', {}, { parlance_complete_sockets: 50, parlance_acknowledged_sends: 500 }],
  [
    'smoke',
    { SOCKETS: '14', ROOMS: '4', RATE: '28', DURATION: '5s' },
    { parlance_complete_sockets: 14, parlance_acknowledged_sends: 140 },
  ],
  [
    'connect',
    { SOCKETS: '12', ROOMS: '3', RATE: '12' },
    { parlance_complete_sockets: 12, parlance_connections: 12, parlance_timed_deliveries: 48 },
  ],
  [
    'send',
    { SOCKETS: '12', ROOMS: '3', RATE: '24', DURATION: '2s' },
    { parlance_complete_sockets: 12, parlance_acknowledged_sends: 48, parlance_timed_deliveries: 192 },
  ],
  [
    'fan-out',
    { SOCKETS: '12', ROOMS: '1', RATE: '8', DURATION: '2s' },
    { parlance_complete_sockets: 12, parlance_acknowledged_sends: 16, parlance_timed_deliveries: 192 },
  ],
  [
    'history',
    { SOCKETS: '6', ROOMS: '2', MESSAGES: '40', PAGE: '15', RATE: '20', DURATION: '2s' },
    { parlance_complete_sockets: 6, parlance_acknowledged_sends: 80, parlance_pages: 40 },
  ],
  [
    'reconnect',
    { SOCKETS: '12', ROOMS: '2', ROUNDS: '2', MISSED: '5' },
    {
      parlance_complete_sockets: 12,
      parlance_connections: 32,
      parlance_catch_ups: 20,
      parlance_acknowledged_sends: 24,
    },
  ],
];

const jwtSecret = 'demo-jwt-signing-key-for-load-tests-only';
let stack: TestStack;
let gatewayUrl: string;

describe.skipIf(!hasK6).concurrent('on the real stack every socket sees every message once and in order', () => {
  beforeAll(async () => {
    // On a busy machine these may take longer than anybody would wait, and that is no fault here.
    const patience = { AUTH_TIMEOUT_MS: '60000', REQUEST_TIMEOUT_MS: '120000' };
    stack = await startTestStack({ env: { JWT_SECRET: jwtSecret, ...patience } });
    gatewayUrl = stack.gateways[0].url;
  });

  afterAll(() => stack[Symbol.asyncDispose]());

  test.for(cases)('%s with %j', { timeout: 420_000 }, async ([scenario, variables, expected], ctx) => {
    const run = await runScenario(ctx, scenario, gatewayUrl, { PATIENCE: '2m', ...variables });
    expect(crossedIn(run)).toEqual([]);
    expect(run.exitCode).toBe(0);
    expect(run.passed).toBe(true);
    expect(countsOf(run)).toMatchObject(expected);
    if (scenario === 'smoke') process.stdout.write(run.output);
  });

  test('the parts of a run that is split over two k6 add up to it', { timeout: 420_000 }, async (ctx) => {
    const variables = { PATIENCE: '2m', SOCKETS: '8', ROOMS: '4', RATE: '16', DURATION: '1s' };
    const parts = ['0:1/2', '1/2:1'].map((segment) =>
      runScenario(ctx, 'send', gatewayUrl, variables, [
        `--execution-segment=${segment}`,
        '--execution-segment-sequence=0,1/2,1',
      ]),
    );
    for (const part of await Promise.all(parts)) {
      expect(part.exitCode).toBe(0);
      expect(countsOf(part)).toMatchObject({ parlance_complete_sockets: 4, parlance_acknowledged_sends: 8 });
    }
  });

  test('a limit of time that nothing can keep is crossed', { timeout: 420_000 }, async (ctx) => {
    const variables = { SOCKETS: '2', ROOMS: '1', RATE: '4', DURATION: '1s', DELIVERY_P99_MS: '0.001' };
    const run = await runScenario(ctx, 'send', gatewayUrl, { PATIENCE: '2m', ...variables });
    expect(run.exitCode).toBe(99);
    expect(run.passed).toBe(false);
    expect(crossedIn(run)).toEqual(['parlance_delivery_latency']);
  });

  test('people whose tokens are signed here are let in', { timeout: 420_000 }, async (ctx) => {
    const variables = { SOCKETS: '2', ROOMS: '1', RATE: '4', JWT_SECRET: jwtSecret };
    const run = await runScenario(ctx, 'connect', gatewayUrl, { PATIENCE: '2m', ...variables });
    expect(run.exitCode).toBe(0);
    const strangers = await runScenario(ctx, 'connect', gatewayUrl, { ...variables, JWT_SECRET: 'another one' });
    expect(strangers.exitCode).toBe(107);
  });
});
