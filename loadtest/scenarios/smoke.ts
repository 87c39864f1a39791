import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { clearTimeout, setTimeout } from 'k6/timers';
import { RoomMember } from '../src/smoke/room-member.ts';
import { secondsOf } from '../src/smoke/seconds-of.ts';
import { type SmokeCounter, smokeCounterNames, smokeCounters } from '../src/smoke/smoke-counters.ts';
import { defaultSize, smokePlan, smokeRoom } from '../src/smoke/smoke-plan.ts';
import { type SummaryMetrics, summaryTable } from '../src/smoke/summary-table.ts';
import { takePart } from '../src/smoke/take-part.ts';
import { openWebSocket } from './k6/open-web-socket.ts';
import { say } from './k6/say.ts';

const plan = smokePlan({
  sockets: Number(__ENV['SOCKETS'] || defaultSize.sockets),
  rooms: Number(__ENV['ROOMS'] || defaultSize.rooms),
  rate: Number(__ENV['RATE'] || defaultSize.rate),
  seconds: secondsOf(__ENV['DURATION'] || `${defaultSize.seconds}`),
});

/** What k6 is told: VUs with one iteration each, and what every counter must be at the end. */
export const options = {
  scenarios: {
    smoke: {
      executor: 'per-vu-iterations',
      vus: plan.vus,
      iterations: 1,
      maxDuration: `${Math.ceil(plan.deadlineMs / 1_000) + 8}s`,
      gracefulStop: '0s',
    },
  },
  setupTimeout: `${10 + Math.ceil(plan.seats.length / 20)}s`,
  thresholds: Object.fromEntries(
    smokeCounterNames.map((name) => [name, [`count==${smokeCounters[name].expected(plan)}`]]),
  ),
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

const gatewayUrl = __ENV['GATEWAY_URL'] || 'http://127.0.0.1:3000';
const counters = Object.fromEntries(smokeCounterNames.map((name) => [name, new Counter(name)])) as Record<
  SmokeCounter,
  Counter
>;
const ackLatency = new Trend('parlance_ack_latency', true);
const deliveryLatency = new Trend('parlance_delivery_latency', true);

/** Makes users and their rooms. Throws, and so ends the run with k6's code 107, when the gateway does not. */
export function setup(): SmokeRooms {
  const run = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const members = plan.seats.map(({ room }, index) => {
    const userId = `smoke-${run}-${index}`;
    return { userId, room, token: userToken(userId) };
  });
  const roomIds = Array.from({ length: plan.rooms }, (_, number) => {
    const [creator, ...others] = members.filter(({ room }) => room === number);
    const participants = others.map(({ userId }) => userId);
    const room = { roomType: 'group', participants, metadata: { name: `Smoke ${run} ${number + 1}` } };
    return (post('/api/v1/rooms', room, creator?.token) as { roomId: string }).roomId;
  });
  return { members, roomIds };
}

/** One VU: its sockets enter their rooms together, talk, listen and judge. */
export default async function talk({ members, roomIds }: SmokeRooms): Promise<void> {
  const present = [...plan.seats.entries()].flatMap(([index, seat]) => {
    if (seat.vu !== __VU - 1) return [];
    const member = new RoomMember({
      openWebSocket,
      gatewayUrl,
      token: members[index]?.token ?? '',
      roomId: roomIds[seat.room] ?? '',
      now: () => Date.now(),
      onAck: (latencyMs) => ackLatency.add(latencyMs),
      onDelivery: (latencyMs) => deliveryLatency.add(latencyMs),
    });
    return [{ member, part: partOf(members[index]?.userId ?? '', index) }];
  });
  const deadline = setTimeout(() => {
    for (const { member } of present) member.leave('the time of the run is over');
  }, plan.deadlineMs);
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
  const rooms = plan.rooms === 1 ? 'one room' : `${plan.rooms} rooms`;
  const title = `Smoke: ${plan.seats.length} sockets in ${rooms}, ${plan.messages} messages, ${seconds} s, ${gatewayUrl}`;
  const file = __ENV['SUMMARY_FILE'];
  return {
    stdout: summaryTable(title, plan, data.metrics),
    ...(file ? { [file]: JSON.stringify(data.metrics, null, 2) } : {}),
  };
}

interface SmokeRooms {
  readonly roomIds: readonly string[];
  readonly members: readonly { readonly userId: string; readonly token: string }[];
}

interface SummaryData {
  readonly state: { readonly testRunDurationMs: number };
  readonly metrics: SummaryMetrics;
}

function partOf(name: string, index: number) {
  const { room, opens } = plan.seats[index] ?? { room: 0, opens: false };
  return {
    name,
    plan,
    ...smokeRoom(plan, room),
    opens,
    delayMs: (index * plan.intervalMs) / plan.seats.length,
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
