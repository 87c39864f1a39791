import { setTimeout as delay } from 'node:timers/promises';
import { ParlanceClient } from '@parlance/client';
import { HttpClient } from '../../clients/http-client.js';
import { signToken } from '../../clients/sign-token.js';

/** People in a room. */
const roomSize = 3;

/**
 * People with the product's SDK who talk in rooms of three: they send, read, type, look back, ask over HTTP, and now and then their
 * connection ends and they come back. What fails is sent again or left; nobody here judges it.
 */
export class Chatter {
  private readonly stopped = new AbortController();
  private readonly talking: Promise<unknown>[] = [];

  private constructor(private readonly people: readonly Person[]) {}

  /** Connects `rooms` rooms of people, spread over the gateways. */
  static async open(rooms: number, urls: readonly string[]): Promise<Chatter> {
    const people: Person[] = [];
    for (let room = 0; room < rooms; room++) {
      const names = Array.from({ length: roomSize }, (_, index) => `person-${room}-${index}`);
      const clients = names.map((userId, index) => {
        const url = urls[(room + index) % urls.length] ?? '';
        const client = new ParlanceClient({
          url,
          getToken: () => signToken(userId),
          reconnect: { firstMs: 200, capMs: 2_000 },
        });
        return { client, http: new HttpClient(url, userId) };
      });
      await Promise.all(clients.map(({ client }) => client.connect()));
      const created = await clients[0]?.client.createRoom({ roomType: 'group', participants: names.slice(1) });
      people.push(...clients.map((person) => ({ ...person, roomId: created?.roomId ?? '' })));
    }
    return new Chatter(people);
  }

  /** Lets everybody do something about each `everyMs`, until {@link stop}. */
  talk(everyMs: number): void {
    for (const person of this.people) this.talking.push(this.live(person, everyMs));
  }

  /** Ends it, and resolves when everybody is silent. */
  async stop(): Promise<void> {
    this.stopped.abort();
    for (const { client } of this.people) client.close();
    await Promise.all(this.talking);
  }

  private async live(person: Person, everyMs: number): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const pause = everyMs * (0.5 + Math.random());
      await delay(pause, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      if (!this.stopped.signal.aborted) await act(person).catch(() => undefined);
    }
  }
}

interface Person {
  readonly client: ParlanceClient;
  readonly http: HttpClient;
  readonly roomId: string;
}

/** One thing that people do. What cannot be done now fails, and is not repeated. */
async function act({ client, http, roomId }: Person): Promise<void> {
  const dice = Math.random();
  if (client.room(roomId) === undefined) return;
  if (dice < 0.6) {
    client.send(roomId, `said at ${new Date().toISOString()}`).done.catch(() => undefined);
    return;
  }
  if (dice < 0.75) return client.markRead(roomId);
  if (dice < 0.85) return client.setTyping(roomId, true);
  if (dice < 0.93) await client.loadOlder(roomId, 20);
  else if (dice < 0.98) await http.request('GET', `/rooms/${roomId}/messages?limit=50`);
  else {
    client.close();
    await client.connect();
  }
}
