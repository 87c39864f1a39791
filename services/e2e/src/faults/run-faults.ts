import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WaitTimeoutError, waitUntil } from '@parlance/devstack';
import { SdkRecorder } from '../clients/sdk-recorder.js';
import type { Anomaly } from '../history/anomaly.js';
import { HistoryChecker } from '../history/history-checker.js';
import type { Observation, SeenMessage } from '../history/observation.js';
import { pick, seededRandom } from '../seeded-random.js';
import { type FaultKindName, faultKinds } from './fault-kinds.js';
import { planFaults, usableKinds } from './fault-plan.js';
import { type Percentiles, percentilesOf } from './percentiles.js';
import { readLogs } from './read-logs.js';
import { startWorld, type World } from './world.js';

/** How big a run is. */
export interface FaultRunOptions {
  readonly seed: number;
  readonly sends: number;
  readonly clients: number;
  readonly rooms: number;
  readonly faults: number;
  /** The kinds to choose from; default: all that this machine can do. */
  readonly only?: readonly FaultKindName[];
  /** Told what happens, a line at a time. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What a run showed. */
export interface FaultReport {
  readonly seed: number;
  readonly seconds: number;
  readonly counts: ReturnType<HistoryChecker['count']>;
  /** Messages shown, by all clients together. */
  readonly shown: number;
  readonly faults: ReadonlyMap<FaultKindName, number>;
  readonly anomalies: readonly Anomaly[];
  /** Milliseconds from a message's ack to each showing of it. */
  readonly delivery: Percentiles;
  /** Milliseconds from the end of each fault until every client had been shown what was acknowledged by then. */
  readonly convergence: Percentiles;
  readonly months: number;
  /** What this machine did not allow. */
  readonly missing: readonly string[];
}

/** After the last send and the last fault everybody has to have everything within this time. */
const patienceMs = 90_000;

/** Seconds that a fault takes on average, with its rest; decides the rate of sends. */
const secondsAFault = 9;

/** Messages that one client has under way at most. */
const openAtMost = 12;

/**
 * Users of the SDK talk through a whole deployment while it is broken on purpose, one fault after the other, all decided
 * by the seed. Ends at the first anomaly, or when all is sent, healed and shown.
 */
export async function runFaults(options: FaultRunOptions): Promise<FaultReport> {
  const { say } = options;
  const random = seededRandom(options.seed);
  const plannedMs = options.faults * secondsAFault * 1_000;
  // Servers and clients take a while to start, so the month ends in the first half of the faults.
  await using world = await startWorld({ random, monthEndsInMs: 30_000 + plannedMs * 0.4 });
  for (const reason of world.missing) say(`SKIPPED some kinds of faults: ${reason}`);
  const report = await new FaultRun(options, world, random).report(plannedMs);
  if (!isClean(report)) {
    const kept = join(tmpdir(), `parlance-faults-${options.seed}-${process.pid}`);
    await cp(world.deployment.directory, kept, {
      recursive: true,
      filter: (path) => !/\/(mongo|redis)-\d+$/.test(path),
    });
    say(`the logs of all processes are kept in ${kept}`);
  }
  return report;
}

/** Nothing is wrong, and every send was acknowledged in the end: the SDK gives none up. */
export function isClean({ anomalies, counts }: FaultReport): boolean {
  return anomalies.length === 0 && counts.acked === counts.sends;
}

class FaultRun {
  readonly #checker = new HistoryChecker();
  readonly #anomalies: Anomaly[] = [];
  readonly #ackedAt = new Map<string, number>();
  readonly #acked = new Map<string, number>();
  readonly #deliveryMs: number[] = [];
  readonly #convergenceMs: number[] = [];
  readonly #faults = new Map<FaultKindName, number>();
  readonly #stop = new AbortController();
  readonly #startedAt = performance.now();
  readonly #clients: SdkRecorder[] = [];
  readonly #roomsOf = new Map<SdkRecorder, string[]>();
  #shown = 0;

  constructor(
    private readonly options: FaultRunOptions,
    private readonly world: World,
    private readonly random: () => number,
  ) {}

  async report(plannedMs: number): Promise<FaultReport> {
    const { say, sends, seed } = this.options;
    this.options.signal?.addEventListener('abort', () => this.#stop.abort(), { once: true });
    try {
      await this.#enter();
      say(`${this.#clock()} ${this.#clients.length} clients in ${this.options.rooms} rooms; the faults begin`);
      await Promise.all([this.#load(sends, sends / plannedMs), this.#break()]);
      await this.#settle();
    } finally {
      for (const client of this.#clients) client.close();
    }
    const logs = await readLogs(this.world.deployment.mongo.uri);
    if (this.#anomalies.length === 0) this.#finish(logs);
    return {
      seed,
      seconds: (performance.now() - this.#startedAt) / 1_000,
      counts: this.#checker.count(),
      shown: this.#shown,
      faults: this.#faults,
      anomalies: this.#anomalies,
      delivery: percentilesOf(this.#deliveryMs),
      convergence: percentilesOf(this.#convergenceMs),
      months: new Set([...logs.values()].flat().map(({ timestamp }) => new Date(timestamp).getUTCMonth())).size,
      missing: this.world.missing,
    };
  }

  /** Connects everybody and makes the rooms; each client is in two or more, and each room has the same number. */
  async #enter(): Promise<void> {
    const { clients, rooms } = this.options;
    const url = `http://127.0.0.1:${this.world.clientSide.port}`;
    for (let index = 0; index < clients; index++) {
      const user = `user-${index}`;
      this.#clients.push(new SdkRecorder(user, user, url, (observation) => this.#record(observation)));
    }
    await Promise.all(this.#clients.map((client) => client.connect()));
    const membersOf = Array.from({ length: rooms }, (_, room) =>
      this.#clients.filter((_, index) => index % rooms === room || (index * 7 + 3) % rooms === room),
    );
    await Promise.all(
      membersOf.map(async (members) => {
        const [first] = members;
        if (first === undefined) throw new Error('there are more rooms than clients');
        const roomId = await first.createRoom(members.map(({ userId }) => userId));
        for (const member of members) this.#roomsOf.set(member, [...(this.#roomsOf.get(member) ?? []), roomId]);
      }),
    );
    await this.#until('everybody to know their rooms', () =>
      this.#clients.every((client) => client.rooms.length === this.#roomsOf.get(client)?.length),
    );
  }

  /** Sends at a steady rate (messages a millisecond), and catches up after a fault. */
  async #load(sends: number, rate: number): Promise<void> {
    const since = performance.now();
    for (let sent = 0; sent < sends && !this.#stop.signal.aborted; ) {
      const due = Math.min(sends, Math.ceil((performance.now() - since) * rate));
      for (let tries = 0; sent < due && tries < 4 * this.#clients.length; tries++) {
        const client = pick(this.#clients, this.random);
        if (client.open >= openAtMost) continue;
        const roomId = pick(this.#roomsOf.get(client) ?? [], this.random);
        client.send(roomId);
        if (sent % 10 === 0) client.read(roomId);
        sent += 1;
      }
      await delay(10);
    }
  }

  /** The faults, one after the other. */
  async #break(): Promise<void> {
    const { firewall, clock } = this.world;
    const usable = usableKinds({ firewall: firewall !== undefined, clock: clock !== undefined }).filter(
      (kind) => this.options.only?.includes(kind) ?? true,
    );
    // Numbers of their own, so that how fast messages go does not decide what is struck.
    const random = seededRandom(this.options.seed);
    const plan = planFaults(this.options.faults, random, usable);
    for (const [index, { kind, holdMs, restMs }] of plan.entries()) {
      if (this.#stop.signal.aborted) return;
      const fault = await faultKinds[kind].inject(this.world, random);
      await delay(holdMs);
      await fault.heal();
      await this.world.settled();
      const healedAt = performance.now();
      void this.#converged(new Map(this.#acked)).then((at) => this.#convergenceMs.push(at - healedAt));
      this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
      const { sends, acked } = this.#checker.count();
      this.options.say(
        `${this.#clock()} fault ${index + 1} of ${plan.length}: ${kind} of ${fault.target} for ${(holdMs / 1_000).toFixed(1)} s; ${sends} sent, ${acked} acknowledged, ${this.#shown} shown`,
      );
      await delay(restMs);
    }
  }

  /** When every client has been shown what stood in its rooms at a moment. */
  async #converged(heads: ReadonlyMap<string, number>): Promise<number> {
    await this.#until('everybody to have what was acknowledged', () => this.#everybodyHas(heads), 600_000);
    return performance.now();
  }

  #everybodyHas(heads: ReadonlyMap<string, number>): boolean {
    return [...this.#roomsOf].every(([{ clientId }, rooms]) =>
      rooms.every((roomId) => this.#checker.lastShown(clientId, roomId) >= (heads.get(roomId) ?? 0)),
    );
  }

  async #settle(): Promise<void> {
    const since = performance.now();
    await this.#until('all sends to have an end', () => this.#clients.every(({ open }) => open === 0));
    this.options.say(`${this.#clock()} all sends have an end; waiting for the last deliveries`);
    await this.#until('everybody to have everything', () => this.#everybodyHas(this.#acked));
    this.options.say(
      `${this.#clock()} everybody has everything ${((performance.now() - since) / 1_000).toFixed(1)} s after the last`,
    );
  }

  /** Waits at most {@link patienceMs}; the checker then says what is missing. */
  async #until(what: string, condition: () => boolean, timeoutMs = patienceMs): Promise<void> {
    try {
      await waitUntil(() => condition() || this.#stop.signal.aborted || undefined, { what, timeoutMs, everyMs: 50 });
    } catch (error) {
      if (!(error instanceof WaitTimeoutError)) throw error;
      this.options.say(error.message);
    }
  }

  #record(observation: Observation): void {
    this.#take(this.#checker.observe(observation));
    if (observation.kind === 'acked') {
      const { roomId, messageId, at } = observation;
      this.#ackedAt.set(`${roomId} ${messageId}`, at);
      this.#acked.set(roomId, Math.max(messageId, this.#acked.get(roomId) ?? 0));
    } else if (observation.kind === 'shown') {
      this.#shown += 1;
      const ackedAt = this.#ackedAt.get(`${observation.message.roomId} ${observation.message.messageId}`);
      if (ackedAt !== undefined) this.#deliveryMs.push(Math.max(0, observation.at - ackedAt));
    }
  }

  #finish(logs: ReadonlyMap<string, readonly SeenMessage[]>): void {
    const clients = [...this.#roomsOf].map(([{ clientId }, rooms]) => ({ clientId, rooms }));
    this.#take(this.#checker.finish({ logs, clients }));
  }

  #take(found: readonly Anomaly[]): void {
    this.#anomalies.push(...found);
    for (const { name, roomId, detail } of found.slice(0, 10))
      this.options.say(`ANOMALY ${name} in ${roomId}: ${detail}`);
    if (found.length > 0) this.#stop.abort();
  }

  #clock(): string {
    return `[${((performance.now() - this.#startedAt) / 1_000).toFixed(0).padStart(4)} s]`;
  }
}
