import { setTimeout as delay } from 'node:timers/promises';
import { WaitTimeoutError, waitUntil } from '@parlance/devstack';
import type { Anomaly } from '../history/anomaly.js';
import type { FinalRoom } from '../history/final-room.js';
import { HistoryChecker } from '../history/history-checker.js';
import type { Observation } from '../history/observation.js';
import { pick, seededRandom } from '../seeded-random.js';
import { type ChangeKindName, changeKinds } from './crowd/change-kinds.js';
import { ChangeRounds } from './crowd/change-rounds.js';
import { Crowd } from './crowd/crowd.js';
import { type FaultKindName, faultKinds } from './fault-kinds.js';
import { planFaults, usableKinds } from './fault-plan.js';
import type { FaultReport, FaultRunOptions } from './fault-report.js';
import { percentilesOf } from './percentiles.js';
import { readLogs } from './read-logs.js';
import { readRooms } from './read-rooms.js';
import type { World } from './world/world.js';

/** After the last send and the last fault everybody has to have everything within this time. */
const patienceMs = 90_000;

/** Messages that one client has under way at most. */
const openAtMost = 12;

/** Rounds of room changes for each fault. */
const roundsAFault = 3;

/** One run against a world: sends, changes and faults beside each other, and what everybody saw goes to the checker. */
export class FaultRun {
  private readonly checker = new HistoryChecker();
  private readonly anomalies: Anomaly[] = [];
  private readonly ackedAt = new Map<string, number>();
  private readonly acked = new Map<string, number>();
  private readonly deliveryMs: number[] = [];
  private readonly convergenceMs: number[] = [];
  private readonly faults = new Map<FaultKindName, number>();
  private readonly stop = new AbortController();
  private readonly startedAt = performance.now();
  private readonly crowd: Crowd;
  private readonly rounds: ChangeRounds;
  private shown = 0;
  private largestRoom = 0;

  constructor(
    private readonly options: FaultRunOptions,
    private readonly world: World,
    private readonly random: () => number,
  ) {
    const { clients, rooms, seed, changes } = options;
    const url = `http://127.0.0.1:${world.clientSide.port}`;
    this.crowd = new Crowd({ clients, rooms, url, record: (observation) => this.record(observation) });
    const plan = {
      people: this.crowd.people,
      random: seededRandom(seed + 1),
      kinds: changes ?? (Object.keys(changeKinds) as ChangeKindName[]),
      signal: this.stop.signal,
    };
    this.rounds = new ChangeRounds(plan, {
      resides: (people, roomId) => {
        for (const { clientId } of people) this.crowd.expect(clientId, roomId);
      },
      visits: (visitor, roomId) => {
        this.crowd.visits(visitor, roomId);
        this.checker.visits(visitor.clientId, roomId);
      },
    });
  }

  /** Runs it; `plannedMs` is how long the faults will take about, and the sends are spread over that. */
  async report(plannedMs: number): Promise<FaultReport> {
    const { say, sends, seed, faults, rounds = faults * roundsAFault } = this.options;
    this.options.signal?.addEventListener('abort', () => this.stop.abort(), { once: true });
    try {
      await this.crowd.enter((what, condition) => this.until(what, condition));
      say(`${this.clock()} ${this.crowd.people.length} clients in ${this.options.rooms} rooms; the faults begin`);
      const over = new AbortController();
      await Promise.all([
        Promise.all([this.load(sends, sends / plannedMs), this.break()]).finally(() => over.abort()),
        this.rounds.run(rounds, plannedMs / rounds, { over: over.signal, share: () => this.share }),
      ]);
      await this.settle();
    } finally {
      this.crowd.close();
    }
    const { uri } = this.world.deployment.mongo;
    const [logs, stored] = await Promise.all([readLogs(uri), readRooms(uri)]);
    if (this.anomalies.length === 0) {
      this.take(this.checker.finish({ logs, clients: this.crowd.expected(stored), rooms: stored }));
    }
    return {
      seed,
      seconds: (performance.now() - this.startedAt) / 1_000,
      counts: this.checker.count(),
      shown: this.shown,
      faults: this.faults,
      rounds: this.rounds.counts,
      anomalies: this.anomalies,
      delivery: percentilesOf(this.deliveryMs),
      convergence: percentilesOf(this.convergenceMs),
      months: new Set([...logs.values()].flat().map(({ timestamp }) => new Date(timestamp).getUTCMonth())).size,
      largestRoom: this.largestRoom,
      missing: this.world.missing,
    };
  }

  /** The part of the sends and rounds that may have begun: on a slow machine they last as long as the faults all the same. */
  private get share(): number {
    const over = [...this.faults.values()].reduce((sum, count) => sum + count, 0);
    return Math.min(1, (over + 2) / this.options.faults);
  }

  /** Sends at a steady rate (messages a millisecond), and catches up after a fault. */
  private async load(sends: number, rate: number): Promise<void> {
    const since = performance.now();
    for (let sent = 0; sent < sends && !this.stop.signal.aborted; ) {
      const due = Math.min(sends * this.share, Math.ceil((performance.now() - since) * rate));
      for (let tries = 0; sent < due && tries < 4 * this.crowd.people.length; tries++) {
        const client = pick(this.crowd.people, this.random);
        if (client.open >= openAtMost) continue;
        const roomId = pick(this.crowd.homesOf(client), this.random);
        client.send(roomId);
        if (sent % 10 === 0) client.read(roomId);
        sent += 1;
      }
      await delay(10);
    }
  }

  /** The faults, one after the other. */
  private async break(): Promise<void> {
    const { firewall, clock, deployment } = this.world;
    const usable = usableKinds({
      firewall: firewall !== undefined,
      clock: clock !== undefined,
      cluster: deployment.shardedMongo !== undefined,
    }).filter((kind) => this.options.only?.includes(kind) ?? true);
    // Numbers of their own, so that how fast messages go does not decide what is struck.
    const random = seededRandom(this.options.seed);
    const plan = planFaults(this.options.faults, random, usable);
    for (const [index, { kind, holdMs, restMs }] of plan.entries()) {
      if (this.stop.signal.aborted) return;
      const fault = await faultKinds[kind].inject(this.world, random);
      await delay(holdMs);
      await fault.heal();
      await this.world.settled();
      const healedAt = performance.now();
      void this.converged(new Map(this.acked)).then((at) => this.convergenceMs.push(at - healedAt));
      this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
      const { sends, acked } = this.checker.count();
      this.options.say(
        `${this.clock()} fault ${index + 1} of ${plan.length}: ${kind} of ${fault.target} for ${(holdMs / 1_000).toFixed(1)} s; ${sends} sent, ${acked} acknowledged, ${this.shown} shown`,
      );
      await delay(restMs);
    }
  }

  /** When every client has been shown what stood in its rooms at a moment. */
  private async converged(heads: ReadonlyMap<string, number>): Promise<number> {
    await this.until('everybody to have what was acknowledged', () => this.everybodyHas(heads), 600_000);
    return performance.now();
  }

  private everybodyHas(heads: ReadonlyMap<string, number>, rooms: readonly FinalRoom[] = []): boolean {
    return this.crowd
      .expected(rooms)
      .every(({ clientId, rooms }) =>
        rooms.every((roomId) => this.checker.lastShown(clientId, roomId) >= (heads.get(roomId) ?? 0)),
      );
  }

  private async settle(): Promise<void> {
    const since = performance.now();
    await this.until('all sends to have an end', () => this.crowd.people.every(({ open }) => open === 0));
    for (const { clientId, open, state } of this.crowd.people) {
      if (open > 0) this.options.say(`${clientId} (${state}) has ${open} messages on their way`);
    }
    this.options.say(`${this.clock()} all sends have an end; waiting for the last deliveries`);
    const rooms = await readRooms(this.world.deployment.mongo.uri);
    await this.until('everybody to have everything', () => this.everybodyHas(this.acked, rooms));
    this.options.say(
      `${this.clock()} everybody has everything ${((performance.now() - since) / 1_000).toFixed(1)} s after the last`,
    );
  }

  /** Waits at most {@link patienceMs}; the checker then says what is missing. */
  private async until(what: string, condition: () => boolean, timeoutMs = patienceMs): Promise<void> {
    try {
      await waitUntil(() => condition() || this.stop.signal.aborted || undefined, { what, timeoutMs, everyMs: 50 });
    } catch (error) {
      if (!(error instanceof WaitTimeoutError)) throw error;
      this.options.say(error.message);
    }
  }

  private record(observation: Observation): void {
    this.take(this.checker.observe(observation));
    if (observation.kind === 'acked') {
      const { roomId, messageId, at } = observation;
      this.ackedAt.set(`${roomId} ${messageId}`, at);
      this.acked.set(roomId, Math.max(messageId, this.acked.get(roomId) ?? 0));
    } else if (observation.kind === 'sized') {
      this.largestRoom = Math.max(observation.participants, this.largestRoom);
    } else if (observation.kind === 'shown') {
      this.shown += 1;
      const ackedAt = this.ackedAt.get(`${observation.message.roomId} ${observation.message.messageId}`);
      if (ackedAt !== undefined) this.deliveryMs.push(Math.max(0, observation.at - ackedAt));
    }
  }

  private take(found: readonly Anomaly[]): void {
    this.anomalies.push(...found);
    for (const { name, roomId, detail } of found.slice(0, 10))
      this.options.say(`ANOMALY ${name} in ${roomId}: ${detail}`);
    if (found.length > 0) this.stop.abort();
  }

  private clock(): string {
    return `[${((performance.now() - this.startedAt) / 1_000).toFixed(0).padStart(4)} s]`;
  }
}
