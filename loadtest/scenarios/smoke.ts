import { Counter, Trend } from 'k6/metrics';
import { clearTimeout, setTimeout } from 'k6/timers';
import { readSize } from '../src/catalogue/read-size.ts';
import { scenarios } from '../src/catalogue/scenarios.ts';
import { LatencyById } from '../src/room/latency-by-id.ts';
import { RoomMember } from '../src/room/room-member.ts';
import { type SmokeCounter, smokeCounterNames, smokeCounters } from '../src/smoke/smoke-counters.ts';
import { smokePlan, smokeRoom } from '../src/smoke/smoke-plan.ts';
import { takePart } from '../src/smoke/take-part.ts';
import { createRoom, gatewayUrl, userToken } from './k6/gateway.ts';
import { openWebSocket } from './k6/open-web-socket.ts';
import { runName } from './k6/run-name.ts';
import { say } from './k6/say.ts';
import { sleep } from './k6/sleep.ts';
import { type SummaryData, summaryOf } from './k6/summary-of.ts';
import { within } from './k6/within.ts';

const size = readSize(scenarios.smoke.variables, __ENV);
const plan = smokePlan({ sockets: size.SOCKETS, rooms: size.ROOMS, rate: size.RATE, seconds: size.DURATION });

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
  thresholds: Object.fromEntries(smokeCounterNames.map((name) => [name, [`count==${smokeCounters[name](plan)}`]])),
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

const counters = Object.fromEntries(smokeCounterNames.map((name) => [name, new Counter(name)])) as Record<
  SmokeCounter,
  Counter
>;
const ackLatency = new Trend('parlance_ack_latency', true);
const deliveryLatency = new Trend('parlance_delivery_latency', true);

/** Makes users and their rooms. Throws, and so ends the run with k6's code 107, when the gateway does not. */
export function setup(): SmokeRooms {
  const run = runName();
  const members = plan.seats.map(({ room }, index) => {
    const userId = `${run}-${index}`;
    return { userId, room, token: userToken(userId) };
  });
  const roomIds = Array.from({ length: plan.rooms }, (_, number) => {
    const [creator, ...others] = members.filter(({ room }) => room === number);
    const participants = others.map(({ userId }) => userId);
    return createRoom(creator?.token ?? '', `Smoke ${run} ${number + 1}`, participants);
  });
  return { members, roomIds };
}

/** One VU: its sockets enter their rooms together, talk, listen and judge. */
export default async function talk({ members, roomIds }: SmokeRooms): Promise<void> {
  const ours = members.filter((_, index) => plan.seats[index]?.vu === __VU - 1).map(({ userId }) => userId);
  const latencies = new LatencyById(
    (userId) => ours.includes(userId),
    (latencyMs) => deliveryLatency.add(latencyMs),
  );
  const present = [...plan.seats.entries()].flatMap(([index, seat]) => {
    if (seat.vu !== __VU - 1) return [];
    const member = new RoomMember({
      openWebSocket,
      gatewayUrl,
      token: members[index]?.token ?? '',
      roomId: roomIds[seat.room] ?? '',
      now: () => Date.now(),
      onAck: (latencyMs) => ackLatency.add(latencyMs),
      latencies,
      within: (promise, what) => within(plan.deadlineMs, promise, what),
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

/** Prints the table; with `SUMMARY_FILE` also writes all figures there as JSON. */
export function handleSummary(data: SummaryData): Record<string, string> {
  const rooms = plan.rooms === 1 ? 'one room' : `${plan.rooms} rooms`;
  return summaryOf('smoke', `${plan.seats.length} sockets in ${rooms}, ${plan.messages} messages`, data);
}

interface SmokeRooms {
  readonly roomIds: readonly string[];
  readonly members: readonly { readonly userId: string; readonly token: string }[];
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
    sleep,
    count: (counter: SmokeCounter, number: number) => counters[counter].add(number),
    say,
  };
}
