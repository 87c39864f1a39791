import { describe, expect, test } from 'vitest';
import { type GatewayFaults, startFaultyGateway } from './faulty-gateway.ts';
import type { PlantedFaults } from './faulty-room.ts';
import { hasK6 } from './has-k6.ts';
import { countsOf, crossedIn, runScenario } from './run-scenario.ts';

/** All that a scenario counts in which people only talk. */
const eachOnce = {
  parlance_duplicates: 1,
  parlance_failed_sends: 1,
  parlance_gaps: 1,
  parlance_history_faults: 1,
  parlance_reordered: 1,
};

/** Which mistakes of a gateway each scenario is shown, and what it has to count. Thresholds that are not named must hold. */
const cases: readonly FaultCase[] = [
  {
    scenario: 'connect',
    variables: { SOCKETS: '12', ROOMS: '2', RATE: '40' },
    faults: { lost: 1, twice: 2, late: 3, unanswered: 4, refusedPerson: 4, roomsRefusedFrom: 1, unlisted: true },
    crossed: {
      parlance_duplicates: 1,
      parlance_failed_connections: 1,
      parlance_failed_requests: 1,
      parlance_failed_sends: 1,
      parlance_gaps: 1,
      parlance_reordered: 1,
      parlance_unfinished_rooms: 1,
    },
  },
  {
    scenario: 'send',
    variables: { SOCKETS: '6', ROOMS: '1', RATE: '24', DURATION: '1s' },
    faults: { lost: 5, twice: 7, late: 9, unanswered: 11, refused: 13, altered: 15 },
    crossed: { ...eachOnce, parlance_failed_sends: 2 },
  },
  {
    scenario: 'fan-out',
    variables: { SOCKETS: '6', ROOMS: '1', RATE: '16', DURATION: '1s' },
    faults: { lost: 2, twice: 4, late: 6, unanswered: 9, altered: 11 },
    crossed: eachOnce,
  },
  {
    scenario: 'history',
    variables: { SOCKETS: '4', ROOMS: '1', MESSAGES: '20', PAGE: '8', RATE: '10', DURATION: '1s' },
    // One is refused and asked for again.
    faults: { unanswered: 6, refused: 9, pageLacks: 3, pageTwice: 5, pageLate: 6, pageRefused: 0 },
    crossed: {
      parlance_duplicates: 1,
      parlance_failed_requests: 1,
      parlance_failed_sends: 1,
      parlance_gaps: 1,
      parlance_reordered: 1,
    },
  },
  {
    scenario: 'reconnect',
    variables: { SOCKETS: '4', ROOMS: '1', ROUNDS: '1', MISSED: '6' },
    faults: { unanswered: 7, refused: 3, missedLacks: 2, missedTwice: 4, missedLate: 5 },
    crossed: { parlance_duplicates: 1, parlance_failed_sends: 1, parlance_gaps: 1, parlance_reordered: 1 },
  },
];

interface FaultCase {
  readonly scenario: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly faults: PlantedFaults & GatewayFaults;
  readonly crossed: Readonly<Record<string, number>>;
}

describe.skipIf(!hasK6).concurrent('on a gateway that makes mistakes', () => {
  test.for(cases)('$scenario counts each of them and ends with 99', async ({ scenario, ...each }, ctx) => {
    await using gateway = await startFaultyGateway(each.faults);
    const run = await runScenario(ctx, scenario, gateway.gatewayUrl, { PATIENCE: '15s', ...each.variables });
    expect(countsOf(run)).toMatchObject(each.crossed);
    expect(crossedIn(run)).toEqual(Object.keys(each.crossed));
    expect(run.exitCode).toBe(99);
    expect(run.output).toMatch(/^ {2}FAIL {2}gaps +1 {2}of 0$/m);
  });

  test.for(cases)('$scenario fails when nobody can do anything', async ({ scenario, variables }, ctx) => {
    await using gateway = await startFaultyGateway({ roomsRefusedFrom: 0 });
    const run = await runScenario(ctx, scenario, gateway.gatewayUrl, variables);
    expect(run.exitCode).toBe(99);
    expect(crossedIn(run)).toEqual(
      expect.arrayContaining(['parlance_complete_sockets', 'parlance_connections', 'parlance_unfinished_rooms']),
    );
  });
});
