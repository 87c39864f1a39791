import { everyBeat } from '../waiting/every-beat.js';

/**
 * What a process knows of its own health, ready to be read by probes at any rate: checks run in the background every
 * `everyMs` (default 2 s), each with `timeoutMs` (default 1 s), and probes read the last results.
 *
 * Starts `starting`; `markStarted` makes it `ready`, `markDraining` makes it `draining` for good.
 * Dependencies never change that status: taking all pods out at once because one server is down only makes it worse.
 * A check of the process itself does: while it is down the status is `unfit`, and another pod serves.
 */
export class HealthRegistry {
  private readonly checks = new Map<string, RunningCheck>();
  private readonly listeners = new Set<(status: HealthStatus) => void>();
  private readonly resultListeners = new Set<(result: CheckResult) => void>();
  private told: HealthStatus = 'starting';
  private readonly everyMs: number;
  private readonly timeoutMs: number;
  private stop: (() => void) | undefined;
  private started = false;
  private draining = false;

  constructor(options: HealthOptions = {}) {
    this.everyMs = options.everyMs ?? 2_000;
    this.timeoutMs = options.timeoutMs ?? 1_000;
  }

  /** Adds a check and runs it for the first time. Throws when the name is taken. */
  add(check: HealthCheck): void {
    if (this.checks.has(check.name)) throw new Error(`health check ${check.name} exists`);
    const running: RunningCheck = {
      check,
      busy: false,
      result: { name: check.name, state: 'unknown', critical: check.critical },
    };
    this.checks.set(check.name, running);
    void this.run(running);
    this.stop ??= everyBeat(this.everyMs, () => {
      for (const each of this.checks.values()) void this.run(each);
    });
  }

  /** The process serves: its listeners are bound. */
  markStarted(): void {
    this.started = true;
    this.tell();
  }

  /** The process is going away and wants nothing new, though it may still serve; there is no way back. */
  markDraining(): void {
    this.draining = true;
    this.tell();
  }

  get isDraining(): boolean {
    return this.draining;
  }

  /** Calls the listener with the status now, and with each other one from then on. Returns how to take it away. */
  onStatus(listener: (status: HealthStatus) => void): () => void {
    this.listeners.add(listener);
    listener(this.told);
    return () => void this.listeners.delete(listener);
  }

  /** Calls the listener with each result of a check. */
  onResult(listener: (result: CheckResult) => void): void {
    this.resultListeners.add(listener);
  }

  /** Stops the background checks. */
  close(): void {
    this.stop?.();
    this.stop = undefined;
  }

  /** The last result of a check; `unknown` also where there is none of this name. */
  stateOf(name: string): CheckResult['state'] {
    return this.checks.get(name)?.result.state ?? 'unknown';
  }

  /** The state now, without waiting for anything. */
  report(): HealthReport {
    const { started, draining } = this;
    const checks = [...this.checks.values()].map(({ result }) => result);
    const unfit = [...this.checks.values()].some(({ check, result }) => check.of === 'self' && result.state === 'down');
    return {
      status: draining ? 'draining' : !started ? 'starting' : unfit ? 'unfit' : 'ready',
      started,
      draining,
      degraded: checks.some(({ critical, state }) => critical && state === 'down'),
      checks,
    };
  }

  /** Never rejects: a failed check is a result. A check that still hangs from the last round is not started again. */
  private async run(running: RunningCheck): Promise<void> {
    if (running.busy) return;
    running.busy = true;
    const { name, critical, check } = running.check;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs).unref();
    });
    const attempt = (async () => check())();
    void attempt
      .catch(() => {})
      .finally(() => {
        running.busy = false;
      });
    try {
      await Promise.race([attempt, timeout]);
      running.result = { name, critical, state: 'up' };
    } catch (thrown) {
      running.result = {
        name,
        critical,
        state: 'down',
        detail: thrown instanceof Error ? thrown.message : String(thrown),
      };
    } finally {
      clearTimeout(timer);
      for (const listener of this.resultListeners) listener(running.result);
      this.tell();
    }
  }

  private tell(): void {
    const { status } = this.report();
    if (status === this.told) return;
    this.told = status;
    for (const listener of this.listeners) listener(status);
  }
}

/** What the process is to those who send it work. */
export type HealthStatus = 'ready' | 'starting' | 'draining' | 'unfit';

/** How often checks run and how long each may take, in milliseconds. */
export interface HealthOptions {
  readonly everyMs?: number;
  readonly timeoutMs?: number;
}

/** One thing this process depends on, or must be itself. */
export interface HealthCheck {
  readonly name: string;
  /**
   * What is wrong when it is down. `self`: this process and none of its replicas, which is then not ready. Such a check
   * must not fail because a dependency does. Default `dependency`.
   */
  readonly of?: 'dependency' | 'self';
  /** Resolves when it works, throws or rejects when not; the error's message is shown to whoever reads the probe. */
  readonly check: () => Promise<void> | void;
  /** Without it the process cannot do its work; shown as `degraded` in the report. */
  readonly critical: boolean;
}

/** The body of `/readyz`. */
export interface HealthReport {
  readonly status: HealthStatus;
  readonly started: boolean;
  readonly draining: boolean;
  /** A critical check is down. */
  readonly degraded: boolean;
  readonly checks: readonly CheckResult[];
}

/** The last result of one check; `unknown` before the first. */
export interface CheckResult {
  readonly name: string;
  readonly critical: boolean;
  readonly state: 'up' | 'down' | 'unknown';
  /** Why it is down. */
  readonly detail?: string;
}

interface RunningCheck {
  readonly check: HealthCheck;
  busy: boolean;
  result: CheckResult;
}
