import { waitUntil } from '@parlance/devstack';
import type { ChatMessage } from '@parlance/proto';
import { expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

const users = ['ann', 'bob', 'cat', 'dan'] as const;
const roomCount = 5;

it('answers every send with success or a retryable error while chat services go from 1 to 3 to 2, by a stop and by a kill', async () => {
  await using parlance = await startDeployment({ gateways: 2, chatServices: 3 });
  const [first, second, third] = parlance.chatServices.map(({ process }) => process);
  // Gateways know three addresses from the start; what is not there yet counts as down.
  await Promise.all([second?.stop(), third?.stop()]);
  const clients = await Promise.all(users.map((user, index) => connect(parlance, user, index)));
  const rooms = await createRooms(clients);

  const load = new Load(clients, rooms);
  await load.progress();
  await Promise.all([second?.start(), third?.start()]);
  await load.progress();
  await first?.stop();
  await load.progress();
  await first?.start();
  await load.progress();
  await second?.kill('SIGKILL');
  await load.progress();
  await load.finish();

  process.stdout.write(`scale: ${load.accepted} accepted, ${load.failures.length} tried again: ${load.summary}\n`);
  expect(load.failures.filter(({ retryable }) => !retryable)).toEqual([]);
  for (const roomId of rooms) {
    const log = await history(clients[0], roomId);
    expect(log.map(({ messageId }) => messageId)).toEqual(log.map((_, index) => index + 1));
    for (const user of users) {
      const own = log.filter(({ senderId }) => senderId === user).map(({ content }) => Number(content));
      expect(own).toEqual(Array.from({ length: load.sentBy(user, roomId) }, (_, index) => index));
    }
    for (const client of clients) {
      await client.until('the last message', () => client.idsOf(roomId).length >= log.length, 40_000);
      expect(client.idsOf(roomId)).toEqual(log.map(({ messageId }) => messageId));
    }
  }
  for (const client of clients) client.close();
});

/** Every user sends in every room without a pause, one message after the other, each until it is accepted. */
class Load {
  accepted = 0;
  readonly failures: { readonly code: string; readonly retryable: boolean; readonly outcome: string }[] = [];
  private readonly sent = new Map<string, number>();
  private readonly senders: Promise<void>[];
  private stopping = false;

  constructor(clients: readonly ChatClient[], rooms: readonly string[]) {
    this.senders = clients.flatMap((client) => rooms.map((roomId) => this.send(client, roomId)));
  }

  /** Resolves when every user has sent ten more messages in every room. */
  async progress(): Promise<void> {
    const goals = [...this.sent].map(([line, count]) => [line, count + 10] as const);
    const isReached = (): boolean => goals.every(([line, goal]) => (this.sent.get(line) ?? 0) >= goal);
    await waitUntil(() => isReached() || undefined, { what: 'ten more messages of everybody', timeoutMs: 60_000 });
  }

  async finish(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.senders);
  }

  sentBy(userId: string, roomId: string): number {
    return this.sent.get(`${userId} ${roomId}`) ?? 0;
  }

  get summary(): string {
    const kinds = Object.entries(Object.groupBy(this.failures, ({ code, outcome }) => `${code} ${outcome}`));
    return kinds.map(([kind, failures]) => `${kind} ${failures?.length}`).join(', ');
  }

  private async send(client: ChatClient, roomId: string): Promise<void> {
    const line = `${client.userId} ${roomId}`;
    this.sent.set(line, 0);
    for (let number = 0; !this.stopping; number++) {
      const message = { roomId, content: `${number}`, clientMessageId: `${client.userId}.${number}` };
      for (let ack = await client.request('sendMessage', message); !ack.success; ) {
        this.failures.push(ack.error);
        if (!ack.error.retryable) return;
        ack = await client.request('sendMessage', message);
      }
      this.accepted += 1;
      this.sent.set(line, number + 1);
    }
  }
}

function connect(parlance: Deployment, user: string, index: number): Promise<ChatClient> {
  return ChatClient.connect(parlance.gateways[index % 2]?.url ?? '', user);
}

async function createRooms(clients: readonly ChatClient[]): Promise<string[]> {
  const rooms: string[] = [];
  for (let index = 0; index < roomCount; index++) {
    const room = await clients[0]?.ask('createRoom', { roomType: 'group', participants: users.slice(1) });
    if (room) rooms.push(room.roomId);
  }
  return rooms;
}

async function history(client: ChatClient | undefined, roomId: string): Promise<ChatMessage[]> {
  const log: ChatMessage[] = [];
  for (;;) {
    const page = await client?.ask('getHistory', { roomId, limit: 200, afterId: log.at(-1)?.messageId ?? 0 });
    if (!page || page.length === 0) return log;
    log.push(...page);
  }
}
