import { waitUntil } from '@parlance/devstack';
import { expect, it } from 'vitest';
import { ResumingClient } from '../../src/clients/resuming-client.js';
import { startDeployment } from '../../src/deployment/start-deployment.js';

const roomCount = 50;
const clientsPerRoom = 10;
const sendsPerSecond = 50;

/** Everything in one process comes from one address. */
const roomy = {
  HANDSHAKES_PER_IP_PER_MINUTE: '1000000',
  HTTP_PER_IP_PER_MINUTE: '1000000',
  HTTP_PER_USER_PER_MINUTE: '1000000',
  MAX_CONNECTIONS: '10000',
  SHUTDOWN_GRACE_MS: '12000',
  RECONNECT_SPREAD_MS: '3000',
} as const;

it('loses, doubles and reorders nothing for 500 clients while two gateways are restarted in turn', async () => {
  await using parlance = await startDeployment({ gateways: 2, chatServices: 2, env: roomy });
  const urls = parlance.gateways.map(({ url }) => url);
  const groups = Array.from({ length: roomCount }, (_, room) =>
    Array.from({ length: clientsPerRoom }, (_, index) => new ResumingClient(`user-${room}-${index}`, urls)),
  );
  const rooms = await Promise.all(groups.map((group) => settle(group)));
  const clients = groups.flat();

  const load = new Load(rooms);
  await load.accepted(100);
  for (const { process } of parlance.gateways) {
    await process.restart();
    await load.accepted(200);
  }
  await load.finish();

  for (const { roomId, group, contents } of rooms) {
    for (const client of group) {
      await expect
        .poll(() => client.rooms.get(roomId)?.messages.length, { timeout: 60_000, interval: 100 })
        .toBeGreaterThanOrEqual(contents.length);
      const messages = client.rooms.get(roomId)?.messages ?? [];
      expect(messages.map(({ content }) => content)).toEqual(contents);
      expect(messages.map(({ messageId }) => messageId)).toEqual(contents.map((_, index) => index + 1));
    }
  }
  expect(clients.flatMap(({ faults }) => faults)).toEqual([]);
  const absences = clients.flatMap((client) => client.absences).toSorted((left, right) => left - right);
  const at = (share: number): number => Math.round(absences[Math.ceil(absences.length * share) - 1] ?? 0);
  const refusals = Object.entries(
    Object.groupBy(
      clients.flatMap((client) => client.refusals),
      (code) => code,
    ),
  );
  process.stdout.write(
    `rolling restart: ${clients.length} clients, ${absences.length} reconnects, from the end of a connection to resumed ` +
      `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms; ${load.count} messages; sends refused once: ` +
      `${refusals.map(([code, list]) => `${code} ${list?.length}`).join(', ') || 'none'}\n`,
  );
  expect(absences.length).toBeGreaterThanOrEqual(clients.length);
  for (const client of clients) client.close();
});

interface Room {
  readonly roomId: string;
  readonly group: readonly ResumingClient[];
  /** Of all messages, in their order. */
  readonly contents: string[];
}

/** Connects the clients of a room; its first one creates it. */
async function settle(group: readonly ResumingClient[]): Promise<Room> {
  const [owner, ...others] = group;
  await owner?.start();
  const roomId = (await owner?.createRoom(others.map(({ userId }) => userId))) ?? '';
  await Promise.all(others.map((client) => client.start()));
  return { roomId, group, contents: [] };
}

/** The first client of every room sends in its turn, at a steady rate, whether earlier sends are accepted or not. */
class Load {
  count = 0;
  private readonly sends: Promise<void>[] = [];
  private readonly pacer: NodeJS.Timeout;
  private done = 0;

  constructor(rooms: readonly Room[]) {
    let turn = 0;
    this.pacer = setInterval(() => {
      const room = rooms[turn++ % rooms.length];
      const [sender] = room?.group ?? [];
      if (room === undefined || sender === undefined) return;
      const content = `${room.contents.length}`;
      room.contents.push(content);
      this.count += 1;
      this.sends.push(sender.send(room.roomId, content).then(() => void (this.done += 1)));
    }, 1_000 / sendsPerSecond);
  }

  /** Resolves when this many more sends are accepted. */
  async accepted(more: number): Promise<void> {
    const goal = this.done + more;
    await waitUntil(() => this.done >= goal || undefined, { what: `${more} more messages`, timeoutMs: 60_000 });
  }

  async finish(): Promise<void> {
    clearInterval(this.pacer);
    await Promise.all(this.sends);
  }
}
