import { type Lane, openLane, type Seating } from './measure/lane.ts';
import type { Budget } from './pairs/budget.ts';
import { type Pairs, runPairs, type Side } from './pairs/run-pairs.ts';
import type { RunningSystem } from './systems/running-system.ts';
import type { Servers } from './systems/servers.ts';
import { startSystem } from './systems/start-system.ts';
import type { Findings } from './targets/findings.ts';

/** What a target is measured with: servers of its own, systems with their crowds, which stay until the end, and a time. */
export class Bench implements AsyncDisposable {
  private readonly dense = new Map<string, Promise<Lane>>();
  private readonly stack = new AsyncDisposableStack();

  /** Owns nothing but what it starts. `found` takes the figures as they come, and `budget` is the time of the target. */
  constructor(
    readonly servers: Servers,
    readonly found: Findings,
    readonly budget: Budget,
    readonly options: BenchOptions,
  ) {}

  /** The dense workload on a system: 200 connections in rooms of 10; the same one for the whole target. */
  async denseLane(name: string): Promise<Lane> {
    const lane = this.dense.get(name) ?? this.seat(name);
    this.dense.set(name, lane);
    return lane;
  }

  /** A fresh system; it ends with the bench, or sooner by its caller. */
  async start(name: string, gateways = 1): Promise<RunningSystem> {
    this.say(`starting ${name}${gateways === 1 ? '' : ` with ${gateways} gateways`}`);
    return this.stack.use(await startSystem(this.servers, name, { ...this.options, gateways }));
  }

  /** A crowd on a system; it ends with the bench, or sooner by its caller. */
  async open(system: RunningSystem, seating: Seating): Promise<Lane> {
    const { rooms, members, connections = rooms * members } = seating;
    this.say(`${connections} people connect to ${system.name}, ${rooms} rooms of ${members}`);
    return this.stack.use(await openLane(system, seating));
  }

  /** As many pairs as the options ask for, as far as the budget goes; default: all that is left of it. */
  async pairs(sides: readonly [Side, Side], budget = this.budget): Promise<Pairs> {
    const { pairs, scale } = this.options;
    const count = Math.max(1, Math.round(pairs * Math.min(1, scale)));
    return runPairs(this.servers, sides, { count, budget, say: this.say });
  }

  /** Seconds or people, by the scale of the run; not fewer than `least`. */
  scaled(value: number, least = 1): number {
    return Math.max(least, Math.round(value * this.options.scale));
  }

  /** A line for people. */
  get say(): (line: string) => void {
    return this.options.say;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }

  /** So many messages before anything counts: code that has not run a thousand times costs several times as much. */
  async warmUp(lane: Lane, messages: number): Promise<void> {
    const spec = { ratePerSecond: 500, warmSeconds: 0, seconds: this.scaled(messages / 500), characters: 140, seed: 0 };
    await lane.crowd.load(lane.rooms, spec);
  }

  private async seat(name: string): Promise<Lane> {
    const lane = await this.open(await this.start(name), denseSeating);
    await this.warmUp(lane, 2_000);
    return lane;
  }
}

/** 200 people in rooms of 10, a few of whom use the real client. */
export const denseSeating: Seating = { rooms: 20, members: 10, canaries: 4 };

/** What is the same for all targets. */
export interface BenchOptions {
  /** Built services to measure; default: this checkout's. */
  readonly checkout: string | undefined;
  /** Built services of the time before; undefined where there are none. */
  readonly before: string | undefined;
  readonly nodeArgs: readonly string[];
  /** Undisturbed pairs of a comparison. */
  readonly pairs: number;
  /** 1, or less to see that everything runs: times and crowds are so much of what they are. */
  readonly scale: number;
  readonly say: (line: string) => void;
}
