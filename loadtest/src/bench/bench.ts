import { type Lane, openLane, type Seating } from './measure/lane.ts';
import type { RunningSystem } from './systems/running-system.ts';
import type { Servers } from './systems/servers.ts';
import { startSystem } from './systems/start-system.ts';

/** What targets are measured with: the servers of the run, and systems with their crowds, which stay until the end. */
export class Bench implements AsyncDisposable {
  private readonly dense = new Map<string, Promise<Lane>>();

  /** Owns nothing but what it starts. */
  constructor(
    readonly servers: Servers,
    readonly options: BenchOptions,
  ) {}

  /** The dense workload on a system: 200 connections in rooms of 10; the same one for all targets. */
  async denseLane(name: string): Promise<Lane> {
    const lane = this.dense.get(name) ?? this.start(name).then((system) => openLane(system, denseSeating));
    this.dense.set(name, lane);
    return lane;
  }

  /** A fresh system, for its caller to stop. */
  async start(name: string, env: Readonly<Record<string, string>> = {}, gateways = 1): Promise<RunningSystem> {
    this.options.say(`starting ${name}`);
    return startSystem(this.servers, name, { ...this.options, env, gateways });
  }

  /** Stops the lanes of the dense workload, where another one needs the machine. */
  async closeLanes(): Promise<void> {
    const lanes = await Promise.all(this.dense.values());
    this.dense.clear();
    for (const lane of lanes) await lane[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.closeLanes();
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
