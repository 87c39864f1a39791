import { isDeepStrictEqual } from 'node:util';
import type { MonthSight } from '../months/month-rows.js';
import { chatMonthOf, newSteps } from './chat-month-of.js';
import type { ChatMonthWriter, StoredMonth } from './chat-month-writer.js';
import { kubernetesReason, statusOf } from './kubernetes-reason.js';

/** What a keeper works with. */
export interface KeeperContext {
  /** Opens the way to the API. */
  open(): Promise<Pick<ChatMonthWriter, 'written' | 'write' | 'tell'>>;
  /** Reads all months from MongoDB. */
  readMonths(): Promise<readonly MonthSight[]>;
  /** Of this installation, see `chatMonthOf`. */
  readonly instance: string;
  /** Tells, in one line, that the objects are not kept. */
  complain(text: string): void;
  /** Milliseconds since some fixed moment. */
  now(): number;
}

/** Pause between two rounds, milliseconds: each of them asks every shard for every month. */
const everyMs = 5_000;

/** After a failure the API is left alone for so long, milliseconds. */
const pauseMs = 30_000;

/** Time for the last round at the end of a job, milliseconds; what is not written then the next job writes. */
const lastRoundMs = 10_000;

/**
 * Keeps the ChatMonth objects of an installation while a job runs. It writes what differs from MongoDB, in the background
 * and one round at a time, and is never waited for but for a bounded time at the end. It never makes a job fail: an API that
 * is away or refuses is told of once.
 */
export class ChatMonthKeeper implements AsyncDisposable {
  private writer: ReturnType<KeeperContext['open']> | undefined;
  private stored: Map<string, StoredMonth> | undefined;
  private round: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private again = false;
  private failedAt = Number.NEGATIVE_INFINITY;
  private complained = false;

  constructor(private readonly context: KeeperContext) {}

  /** Something about a month may have changed. Returns at once. */
  touch(): void {
    if (this.round ?? this.timer) this.again = true;
    else this.begin(() => true);
  }

  /** Writes what is left, for ten seconds at most. */
  async [Symbol.asyncDispose](): Promise<void> {
    const endsAt = this.context.now() + lastRoundMs;
    this.again = false;
    await this.round;
    clearTimeout(this.timer);
    this.begin(() => this.context.now() < endsAt);
    await this.round;
    clearTimeout(this.timer);
  }

  private begin(goOn: () => boolean): void {
    this.again = false;
    if (this.context.now() - this.failedAt < pauseMs) return;
    this.round = this.write(goOn).then(() => {
      this.round = undefined;
      this.timer = setTimeout(() => {
        this.timer = undefined;
        if (this.again) this.begin(() => true);
      }, everyMs);
      this.timer.unref();
    });
  }

  private async write(goOn: () => boolean): Promise<void> {
    try {
      const { instance, open, readMonths } = this.context;
      const months = await readMonths();
      this.writer ??= open();
      const writer = await this.writer;
      this.stored ??= new Map(await writer.written(instance));
      for (const sight of months) {
        if (!goOn()) return;
        const month = chatMonthOf(sight, instance);
        const { name } = month.metadata;
        const before = this.stored.get(name);
        if (before && isDeepStrictEqual(before.status, month.status) && hasLabels(before, month.metadata.labels))
          continue;
        const stored = await writer.write(month);
        for (const step of newSteps(sight.entry, before?.status)) await writer.tell(stored, step);
        this.stored.set(name, stored);
      }
    } catch (thrown) {
      this.fail(thrown);
    }
  }

  private fail(thrown: unknown): void {
    this.failedAt = this.context.now();
    this.writer = undefined;
    this.stored = undefined;
    if (this.complained) return;
    this.complained = true;
    const hint = statusOf(thrown) === 404 ? ' (are k8s/crds installed?)' : '';
    this.context.complain(
      `Kubernetes does not show the months as they are, ${kubernetesReason(thrown)}${hint}; the job goes on\n`,
    );
  }
}

function hasLabels({ metadata }: StoredMonth, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([name, value]) => metadata.labels?.[name] === value);
}
