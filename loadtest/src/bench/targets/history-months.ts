import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import type { Lane } from '../measure/lane.ts';
import { quantile } from '../measure/quantiles.ts';
import { readsOf } from '../measure/server-commands.ts';
import { fillMonths, messagesOfMonth, type OldRoom } from '../systems/fill-months.ts';

/** Pages of 50 back to the first message, of rooms with a history of 1, 6 and 24 months, 100 messages in each: what a page costs MongoDB, and how long it takes. */
export async function measureMonths(bench: Bench, lane: Lane): Promise<void> {
  const { servers, found } = bench;
  const rooms: OldRoom[] = [];
  for (const months of [1, 6, 24]) {
    const people = Array.from({ length: 9 }, (_, index) => `user-${index + 1}`);
    const roomId = await lane.system.createRoom({
      number: months,
      users: ['user-0', ...people],
      request: (member, name, payload) => lane.crowd.request(member, name, payload),
    });
    rooms.push({ roomId, senderId: 'user-0', months });
  }
  bench.say('rooms of 1, 6 and 24 months are filled');
  await fillMonths(servers, lane.system.name, rooms);
  // So old may be what the chat service remembers of a room.
  await delay(2_500);
  for (const { roomId, months } of rooms) {
    const messages = months * messagesOfMonth;
    const requests = Array.from({ length: messages / page }, (_, index) => ({
      name: 'getHistory',
      payload: { roomId, limit: page, beforeId: messages + 1 - index * page },
    }));
    const before = await readsOf(servers);
    const pages = await lane.crowd.inTurn(0, requests);
    const reads = (await readsOf(servers)) - before;
    const whole = pages.filter((one) => one.messages === page).length;
    const [p50, p99] = [0.5, 0.99].map((share) =>
      quantile(
        pages.map(({ ms }) => ms),
        share,
      ),
    );
    found.note(
      `a history of ${months} ${months === 1 ? 'month' : 'months'}, ${pages.length} pages of ${page} back to its first message: ` +
        `${(reads / pages.length).toFixed(2)} MongoDB reads a page, p50 ${p50?.toFixed(1)} ms, p99 ${p99?.toFixed(1)} ms` +
        (whole === pages.length ? '' : `; ONLY ${whole} WERE WHOLE`),
    );
  }
}

const page = 50;
