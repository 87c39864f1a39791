import type { Bench } from '../bench.ts';
import type { CrowdRoom } from '../crowd/load.ts';
import type { Lane, Seating } from '../measure/lane.ts';
import { quantile } from '../measure/quantiles.ts';
import { readsOf } from '../measure/server-commands.ts';
import type { RoomPeople, RunningSystem } from '../systems/running-system.ts';

/** P10: 2,000 people lose their connections together, miss 50 messages each, and come back at once. */
export async function measureReconnect(bench: Bench): Promise<void> {
  const roomCount = bench.scaled(200);
  const seating = { rooms: 0, members: 0, connections: 10 * roomCount, prefix };
  const theirs = await handshakes(bench, seating);
  const system = await bench.start('parlance');
  const lane = await bench.open(system, seating);
  const speaker = await bench.open(system, { rooms: 0, members: 0, connections: 1, prefix: 'speaker' });
  const rooms: CrowdRoom[] = [];
  for (let number = 0; number < roomCount; number++) {
    const users = peopleOf(number);
    rooms.push({
      id: await system.createRoom({ number, users: ['speaker-0', ...users], request: ask(speaker) }),
      members: [0],
    });
  }
  await lane.crowd.drop();
  bench.say(`everybody is gone; ${missed} messages into each of ${roomCount} rooms`);
  const ratePerSecond = 500;
  const seconds = (missed * roomCount) / ratePerSecond;
  const spec = { ratePerSecond, warmSeconds: 0, seconds, characters: 140, seed: 1, inTurn: true };
  await speaker.crowd.load(rooms, spec);
  const before = await readsOf(bench.servers);
  const first = rooms.flatMap(({ id }, number) =>
    peopleOf(number).map(() => ({ name: 'resume', payload: { rooms: { [id]: { id: 0, rev: 0 } } } })),
  );
  const back = await lane.crowd.open(addresses(system, seating), { atOnce: 2_000, first });
  const count = (await readsOf(bench.servers)) - before;
  const whole = back.messages.filter((messages) => messages >= missed).length;
  bench.found.finding({
    what: `database reads of 2,000 who come back to ${rooms.length} rooms that changed`,
    value: count,
    unit: '',
    limit: { atMost: rooms.length },
    detail: `${whole} of ${back.messages.length} got what they missed, at least ${quantile(back.messages, 0)} messages`,
  });
  bench.found.finding({
    what: "time until all have caught up, to that of L1's handshakes alone",
    value: back.allMs / theirs,
    unit: 'x',
    limit: { atMost: 1.5 },
    detail: `${(back.allMs / 1_000).toFixed(2)} to ${(theirs / 1_000).toFixed(2)} s`,
  });
}

const missed = 50;
const prefix = 'back';

function peopleOf(room: number): readonly string[] {
  return Array.from({ length: 10 }, (_, member) => `${prefix}-${room * 10 + member}`);
}

function ask({ crowd }: Lane): RoomPeople['request'] {
  return (member, name, payload) => crowd.request(member, name, payload);
}

/** How long L1 takes to let 2,000 in at once, the second time. */
async function handshakes(bench: Bench, seating: Seating): Promise<number> {
  await using system = await bench.start('L1');
  await using lane = await bench.open(system, seating);
  await lane.crowd.drop();
  return (await lane.crowd.open(addresses(system, seating), { atOnce: 2_000 })).allMs;
}

function addresses(system: RunningSystem, { connections = 0 }: Seating) {
  return Array.from({ length: connections }, (_, index) => system.addressOf(`${prefix}-${index}`, index));
}
