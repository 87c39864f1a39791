import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { clearTimeout, setTimeout } from 'k6/timers';
import { RoomMember } from '../src/smoke/room-member.ts';
import { type SmokeCounter, smokeCounterNames, smokeCounters } from '../src/smoke/smoke-counters.ts';
import { smokeMessages, smokePlan, smokeSockets } from '../src/smoke/smoke-plan.ts';
import { type SummaryMetrics, summaryTable } from '../src/smoke/summary-table.ts';
import { takePart } from '../src/smoke/take-part.ts';
import { openWebSocket } from './k6/open-web-socket.ts';
import { say } from './k6/say.ts';

/** What k6 is told: five VUs, one iteration each, and what every counter must be at the end. */
export const options = {
  scenarios: {
    smoke: {
      executor: 'per-vu-iterations',
      vus: smokePlan.vus,
      iterations: 1,
      maxDuration: smokePlan.maxDuration,
      gracefulStop: '0s',
    },
  },
  setupTimeout: '10s',
  thresholds: Object.fromEntries(smokeCounterNames.map((name) => [name, [`count==${smokeCounters[name].expected}`]])),
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

const gatewayUrl = __ENV['GATEWAY_URL'] || 'http://127.0.0.1:3000';
const counters = Object.fromEntries(smokeCounterNames.map((name) => [name, new Counter(name)])) as Record<
  SmokeCounter,
  Counter
>;
const ackLatency = new Trend('parlance_ack_latency', true);
const deliveryLatency = new Trend('parlance_delivery_latency', true);

/** Makes users and one room of all of them. Throws, and so ends the run with k6's code 107, when the gateway does not. */
export function setup(): SmokeRoom {
  const run = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const members = Array.from({ length: smokeSockets }, (_, index) => {
    const userId = `smoke-${run}-${index}`;
    return { userId, token: userToken(userId) };
  });
  const [creator, ...others] = members;
  const participants = others.map(({ userId }) => userId);
  const room = { roomType: 'group', participants, metadata: { name: `Smoke ${run}` } };
  const { roomId } = post('/api/v1/rooms', room, creator?.token) as { roomId: string };
  return { members, roomId };
}

/** One VU: its sockets enter the room together, talk, listen and judge. */
export default async function talk({ members, roomId }: SmokeRoom): Promise<void> {
  const first = (__VU - 1) * smokePlan.socketsPerVu;
  const present = members.slice(first, first + smokePlan.socketsPerVu).map(({ userId, token }, index) => {
    const member = new RoomMember({
      openWebSocket,
      gatewayUrl,
      token,
      roomId,
      now: () => Date.now(),
      onAck: (latencyMs) => ackLatency.add(latencyMs),
      onDelivery: (latencyMs) => deliveryLatency.add(latencyMs),
    });
    return { member, part: partOf(userId, first + index, index === 0) };
  });
  const deadline = setTimeout(() => {
    for (const { member } of present) member.leave('the time of the run is over');
  }, smokePlan.deadlineMs);
  try {
    await Promise.all(present.map(({ member }) => member.enter()));
    await Promise.all(present.map(({ member, part }) => takePart(member, part)));
  } finally {
    clearTimeout(deadline);
    for (const { member } of present) member.leave();
  }
}

/** Prints the table; with `SUMMARY_FILE` also writes k6's figures there as JSON. */
export function handleSummary(data: SummaryData): Record<string, string> {
  const seconds = (data.state.testRunDurationMs / 1000).toFixed(1);
  const title = `Smoke: ${smokeSockets} sockets in one room, ${smokeMessages} messages, ${seconds} s, ${gatewayUrl}`;
  const file = __ENV['SUMMARY_FILE'];
  return {
    stdout: summaryTable(title, data.metrics),
    ...(file ? { [file]: JSON.stringify(data.metrics, null, 2) } : {}),
  };
}

interface SmokeRoom {
  readonly roomId: string;
  readonly members: readonly { readonly userId: string; readonly token: string }[];
}

interface SummaryData {
  readonly state: { readonly testRunDurationMs: number };
  readonly metrics: SummaryMetrics;
}

function partOf(name: string, index: number, opens: boolean) {
  return {
    name,
    opens,
    delayMs: (index * smokePlan.intervalMs) / smokeSockets,
    now: () => Date.now(),
    sleep: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)),
    count: (counter: SmokeCounter, number: number) => counters[counter].add(number),
    say,
  };
}

function userToken(userId: string): string {
  return (post('/api/v1/dev/token', { userId }) as { token: string }).token;
}

/** The `data` of the answer. */
function post(path: string, body: object, token?: string): unknown {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const response = http.post(`${gatewayUrl}${path}`, JSON.stringify(body), { headers });
  if (response.status !== 200) {
    throw new Error(
      `${gatewayUrl}${path} answered ${response.status} ${response.error || JSON.stringify(response.body)}`,
    );
  }
  return (response.json() as { data: unknown }).data;
}
