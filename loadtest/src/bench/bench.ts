import { type Lane, openLane, type Seating } from './measure/lane.ts';
import type { RunningSystem } from './systems/running-system.ts';
import type { Servers } from './systems/servers.ts';
import { startSystem } from './systems/start-system.ts';

/** What targets are measured with: the servers of the run, and systems with their crowds, which stay until the end. */
export class Bench implements AsyncDisposable {
  private readonly dense = new Map<string, Promise<Lane>>();
  private readonly stack = new AsyncDisposableStack();

  /** Owns nothing but what it starts. */
  constructor(
    readonly servers: Servers,
    readonly options: BenchOptions,
  ) {}

  /** The dense workload on a system: 200 connections in rooms of 10; the same one for all targets. */
  async denseLane(name: string): Promise<Lane> {
    const lane = this.dense.get(name) ?? this.seat(name);
    this.dense.set(name, lane);
    return lane;
  }

  /** A fresh system; it ends with the bench, or sooner by its caller. */
  async start(name: string, gateways = 1): Promise<RunningSystem> {
    this.options.say(`starting ${name}${gateways === 1 ? '' : ` with ${gateways} gateways`}`);
    return this.stack.use(await startSystem(this.servers, name, { ...this.options, gateways }));
  }

  /** A crowd on a system; it ends with the bench, or sooner by its caller. */
  async open(system: RunningSystem, seating: Seating): Promise<Lane> {
    const { rooms, members, connections = rooms * members } = seating;
    this.options.say(`${connections} people connect to ${system.name}, ${rooms} rooms of ${members}`);
    return this.stack.use(await openLane(system, seating));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }

  private async seat(name: string): Promise<Lane> {
    return this.open(await this.start(name), denseSeating);
  }
}

/** What is the same for all targets. */
export interface BenchOptions {
  /** Built services to measure; default: this checkout's. */
  readonly checkout: string | undefined;
  /** Built services of the time before; undefined where there are none. */
  readonly before: string | undefined;
  readonly nodeArgs: readonly string[];
  /** Undisturbed pairs of a comparison. */
  readonly pairs: number;
  readonly say: (line: string) => void;
}

const denseSeating: Seating = { rooms: 20, members: 10 };
