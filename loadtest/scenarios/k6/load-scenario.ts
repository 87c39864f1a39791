import exec from 'k6/execution';
import { Counter, Trend } from 'k6/metrics';
import { limitsOf } from '../../src/catalogue/limits-of.ts';
import {
  type CounterName,
  mustHappen,
  mustNotHappen,
  type TrendName,
  trends as trendTable,
} from '../../src/catalogue/measures.ts';
import { readSize } from '../../src/catalogue/read-size.ts';
import type { Scenario, Variable } from '../../src/catalogue/scenario.ts';
import { thresholdsOf } from '../../src/catalogue/thresholds-of.ts';
import { type Part, runRooms } from '../../src/parts/run-rooms.ts';
import { roomPlan } from '../../src/plan/room-plan.ts';
import { createRoom, gatewayUrl, greetGateway, userToken } from './gateway.ts';
import { openWebSocket } from './open-web-socket.ts';
import { runName } from './run-name.ts';
import { say } from './say.ts';
import { sleep } from './sleep.ts';
import { type SummaryData, summaryOf } from './summary-of.ts';
import { within } from './within.ts';

/** A run ends by itself; after this long in any case. */
const longestRun = '24h';

/**
 * What a script of a scenario exports to k6: each VU has its rooms with all their people in them, who do the part and are
 * judged. Only while a script is loaded: it makes k6's metrics.
 */
export function loadScenario<Name extends string>(
  name: string,
  { variables, trends: measured }: ScenarioWith<Name | 'SOCKETS' | 'ROOMS' | 'PATIENCE'>,
  part: Part<Readonly<Record<Name, number>>>,
) {
  const size = readSize(variables, __ENV);
  const limits = readSize(limitsOf(measured), __ENV);
  const plan = roomPlan(size);
  const counters = metricsOf({ ...mustHappen, ...mustNotHappen }, (counter) => new Counter(counter));
  const trends = metricsOf(trendTable, (trend) => new Trend(trend, true));
  const patienceMs = size.PATIENCE * 1_000;
  const stageOf = () => ({
    gatewayUrl,
    openWebSocket,
    tokenOf: userToken,
    createRoom,
    name: runName(),
    now: () => Date.now(),
    sleep,
    patienceMs,
    within: <Value>(promise: Promise<Value>, what: string) => within(patienceMs, promise, what),
    count: (counter: CounterName, number: number) => counters[counter].add(number),
    time: (trend: TrendName, ms: number) => {
      trends[trend].add(ms);
      counters[trendTable[trend].counter].add(1);
    },
    say,
  });
  return {
    options: {
      scenarios: {
        [name]: {
          executor: 'per-vu-iterations',
          vus: plan.vus,
          iterations: 1,
          maxDuration: longestRun,
          gracefulStop: '0s',
        },
      },
      thresholds: thresholdsOf(measured, limits),
      summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
    },
    setup: (): void => greetGateway(runName()),
    // By the number in the whole test: a part of it, on another machine, numbers its VUs from 1 too.
    run: (): Promise<void> => runRooms(stageOf(), plan.roomsOf(exec.vu.idInTest - 1), size, part),
    handleSummary: (data: SummaryData): Record<string, string> => {
      const given = Object.entries(size).map(([variable, value]) => `${variable}=${value}`);
      return summaryOf(name, given.join(' '), data);
    },
  };
}

interface ScenarioWith<Name extends string> extends Pick<Scenario, 'trends'> {
  readonly variables: Readonly<Record<Name, Variable>>;
}

function metricsOf<Name extends string, Metric>(
  table: Readonly<Record<Name, unknown>>,
  make: (name: Name) => Metric,
): Readonly<Record<Name, Metric>> {
  const names = Object.keys(table) as Name[];
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Metric>;
}
