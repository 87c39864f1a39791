import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatMessage } from '@parlance/proto';
import { ChatClient } from '../clients/chat-client.js';
import { signToken } from '../clients/sign-token.js';
import { type Deployment, type DeploymentOptions, startDeployment } from '../deployment/start-deployment.js';
import { readLogs } from '../faults/read-logs.js';
import { readRooms } from '../faults/read-rooms.js';
import { FleetClock } from '../faults/world/fleet-clock.js';
import type { Anomaly } from '../history/anomaly.js';
import { HistoryChecker } from '../history/history-checker.js';
import type { Observation } from '../history/observation.js';
import { sabotageArguments } from '../sabotage/sabotage-arguments.js';
import type { SabotageName } from '../sabotage/sabotages.js';

/** How a scenario is set up. */
export interface StageOptions {
  readonly sabotage: readonly SabotageName[];
  readonly seed: number;
  readonly redis?: DeploymentOptions['redis'];
  readonly replicas?: DeploymentOptions['replicas'];
  readonly gateways?: number;
  readonly chatServices?: number;
  /** Gateway 1 talks to chat service 1 only, gateway 2 to 2: the two write the same rooms. */
  readonly pinned?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** From the start of the fleet to the end of its month. */
  readonly monthEndsInMs?: number;
  /** What the clock of a chat service is off, by its name. */
  readonly clockOffMs?: Readonly<Record<string, number>>;
}

/** A deployment, plain Socket.IO clients that show just what the gateway sends them, and the checker that watches. */
export class Stage implements AsyncDisposable {
  private readonly checker = new HistoryChecker();
  private readonly clients: ChatClient[] = [];
  private readonly found: Anomaly[] = [];
  private readonly stop = new AbortController();
  private readonly roomsOf = new Map<string, Set<string>>();

  private constructor(
    readonly deployment: Deployment,
    /** When the fleet's month ends, by `performance.now()`. */
    readonly monthEndsAt: number,
    private readonly clockFolder: string,
  ) {}

  /** Starts it. Throws when the scenario needs a clock and this machine has none to set. */
  static async open(options: StageOptions): Promise<Stage> {
    const monthEndsAt = performance.now() + (options.monthEndsInMs ?? Number.POSITIVE_INFINITY);
    const folder = join(tmpdir(), `parlance-stage-${process.pid}`);
    const env = new Map<string, Readonly<Record<string, string>>>();
    if (options.monthEndsInMs !== undefined) {
      const clock = await FleetClock.open(folder, options.monthEndsInMs);
      if ('unusable' in clock) throw new Error(clock.unusable);
      env.set('mongo', clock.fixed);
      for (const name of ['gateway-1', 'gateway-2', 'chat-service-1', 'chat-service-2']) {
        env.set(name, await clock.env(name));
        await clock.step(name, options.clockOffMs?.[name] ?? 0);
      }
    }
    const sabotage = { SABOTAGE: ['drop-events', ...options.sabotage].join(','), DROP_SEED: String(options.seed) };
    const deployment = await startDeployment({
      gateways: options.gateways ?? 1,
      chatServices: options.chatServices ?? 1,
      redis: options.redis ?? 'single',
      replicas: options.replicas ?? 1,
      ...(options.env === undefined ? {} : { env: options.env }),
      envOf: (name) => ({ ...(name === 'mongo' ? {} : sabotage), ...env.get(name) }),
      nodeArgsOf: () => sabotageArguments,
      ...(options.pinned === true
        ? { targetsOf: async (gateway, targets) => targets.filter((_, index) => gateway.endsWith(`-${index + 1}`)) }
        : {}),
    });
    return new Stage(deployment, monthEndsAt, folder);
  }

  /** What was found so far. */
  get anomalies(): readonly Anomaly[] {
    return this.found;
  }

  /** Fires at the first anomaly. */
  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Connects a user at a gateway; what it is sent from then on is checked. `rooms`: what it has to see to the end. */
  async connect(userId: string, gateway = 0): Promise<Actor> {
    const url = this.deployment.gateways[gateway]?.url ?? '';
    const client = await ChatClient.connect(url, userId, { token: signToken(userId, { expiresIn: 60 * 86_400 }) });
    this.clients.push(client);
    const clientId = `${userId}@${gateway + 1}#${this.clients.length}`;
    for (const { roomId, head, readUpTo } of client.ready.rooms) {
      this.checker.startAt(clientId, roomId, head + 1);
      this.record(ownMark(userId, roomId, readUpTo));
      this.expect(clientId, roomId);
    }
    const take = (message: ChatMessage): void => {
      this.expect(clientId, message.roomId);
      this.record({ kind: 'shown', at: performance.now(), clientId, userId, message });
    };
    for (const message of client.messages) take(message);
    client.socket.on('newMessage', take);
    return { clientId, userId, client };
  }

  /** A client leaves; it need not see anything any more. */
  disconnect({ clientId, client }: Actor): void {
    client.close();
    this.roomsOf.delete(clientId);
  }

  /** Creates a group of these clients, waits until each is in it, and adds users who are not connected yet. */
  async room(actors: readonly Actor[], others: readonly string[] = []): Promise<string> {
    const [first] = actors;
    if (first === undefined) throw new Error('a room needs somebody');
    const { roomId } = await first.client.ask('createRoom', {
      roomType: 'group',
      participants: [...new Set([...actors.map(({ userId }) => userId), ...others])],
    });
    for (const { client, clientId } of actors) {
      this.expect(clientId, roomId);
      if (client === first.client) continue;
      await client.until('the room', () =>
        client.events.some(
          ({ name, payload }) => name === 'roomJoined' && (payload as { readonly roomId: string }).roomId === roomId,
        ),
      );
    }
    return roomId;
  }

  /** Sends a message as every client may: again under the same id until it is known what became of it. */
  async send(actor: Actor, roomId: string, options: SendOptions = {}): Promise<void> {
    const clientMessageId = options.clientMessageId ?? randomUUID();
    const content = `text of ${clientMessageId}`;
    const key = { roomId, senderId: actor.userId, clientMessageId };
    if (options.isRetry !== true) {
      // A send that is retried by itself is a client of its own to the checker: its order was given up.
      this.record({
        kind: 'sent',
        at: performance.now(),
        clientId: options.inOrder === true ? actor.clientId : `${actor.clientId}/${clientMessageId}`,
        content,
        ...key,
      });
    }
    for (let attempt = 1; !this.signal.aborted; attempt++) {
      const ack = await actor.client.request('sendMessage', { roomId, content, clientMessageId });
      const at = performance.now();
      if (ack.success) {
        const { messageId, timestamp } = ack.data;
        return this.record({ kind: 'acked', at, messageId, timestamp, ...key });
      }
      const { code, outcome, retryable, retryAfterMs = 50 } = ack.error;
      if (!retryable || attempt === options.attempts) {
        return this.record({ kind: 'refused', at, outcome, code, ...key });
      }
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  }

  /** Notes something that a scenario saw. */
  record(observation: Observation): void {
    this.take(this.checker.observe(observation));
  }

  /** Everybody has been sent everything, or `withinMs` are over. */
  async quiet(withinMs: number): Promise<void> {
    const logs = await readLogs(this.deployment.mongo.uri);
    const complete = (): boolean =>
      [...this.roomsOf].every(([clientId, rooms]) =>
        [...rooms].every(
          (roomId) => this.checker.lastShown(clientId, roomId) >= (logs.get(roomId)?.at(-1)?.messageId ?? 0),
        ),
      );
    const until = performance.now() + withinMs;
    while (!complete() && !this.signal.aborted && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Compares with the log. */
  async finish(): Promise<readonly Anomaly[]> {
    if (this.found.length === 0) {
      const { uri } = this.deployment.mongo;
      const [logs, roomsThen] = await Promise.all([readLogs(uri), readRooms(uri)]);
      const clients = [...this.roomsOf].map(([clientId, rooms]) => ({ clientId, rooms: [...rooms] }));
      this.take(this.checker.finish({ logs, clients, rooms: roomsThen }));
    }
    return this.found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.clients) client.close();
    await this.deployment[Symbol.asyncDispose]();
    await rm(this.clockFolder, { recursive: true, force: true });
  }

  private expect(clientId: string, roomId: string): void {
    this.roomsOf.set(clientId, (this.roomsOf.get(clientId) ?? new Set()).add(roomId));
  }

  private take(found: readonly Anomaly[]): void {
    this.found.push(...found);
    if (found.length > 0) this.stop.abort();
  }
}

/** A connected user. */
export interface Actor {
  readonly clientId: string;
  readonly userId: string;
  readonly client: ChatClient;
}

/** How a message is sent. */
export interface SendOptions {
  /** Default: a new one. */
  readonly clientMessageId?: string;
  /** Another device or attempt has told of this send already. */
  readonly isRetry?: boolean;
  /** Sends of one socket that all succeed have to stand in their order (R11: sends keep their order). */
  readonly inOrder?: boolean;
  /** After so many the outcome stands as it was told; default: no end. */
  readonly attempts?: number;
}

/** What any device of a user learned of its own read mark; to the checker all of them are one. */
export function ownMark(userId: string, roomId: string, upTo: number): Observation {
  return { kind: 'marked', at: performance.now(), clientId: userId, roomId, userId, receipt: 'read', upTo };
}
