import { join } from 'node:path';
import { addMonths, endOfMonth, type MonthYear, monthOf, startOfMonth } from '@parlance/storage';
import { seededRandom } from '../seeded-random.js';
import { JobLedger } from './operator/job-ledger.js';
import { JobRunner } from './operator/job-runner.js';
import { Operator } from './operator/operator.js';
import { checkFinally, type FinalState } from './oracle/final-check.js';
import { Oracle } from './oracle/oracle.js';
import { checkRestored } from './oracle/restored-check.js';
import { bodyHashKey, type Pod, startPod } from './people/pod.js';
import { keepReading } from './people/readers.js';
import { type PlannedRoom, planRooms, type YearSize } from './people/room-plan.js';
import { type ReadableRoom, RoomReader } from './people/room-reader.js';
import { Tally } from './people/tally.js';
import { Writers } from './people/writers.js';
import type { YearArchiveKind } from './year/year-archive.js';
import { YearClock } from './year/year-clock.js';
import { planErasures } from './year/year-erasures.js';
import type { YearSpan } from './year/year-job.js';
import type { YearReport } from './year/year-report.js';
import { YearRooms } from './year/year-rooms.js';
import { startYearServers, type YearMongo, type YearServers } from './year/year-servers.js';
import { tiersOf } from './year/year-tiers.js';

/** How big a year is and what happens in it. */
export interface YearOptions extends YearSize {
  readonly seed: number;
  readonly mongo: YearMongo;
  readonly archive: YearArchiveKind;
  /** End each job once at every checkpoint that it has. */
  readonly strikesStates: boolean;
  /** Have movers run at once, halted past their lease, and without config servers. */
  readonly disturbs: boolean;
  /** Kills of jobs at any moment, over all months. */
  readonly kills: number;
  /** Told what happens, a line at a time. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

const day = 86_400_000;

/** Where in a month the jobs run: a day after the end of the last one and a bit. */
const jobsAtMs = 1.5 * day;

/** Jobs may last longer than the sends of their month; time goes on meanwhile and must not reach the next one. */
const jobsLateMs = day / 4;

/** The share of a month's messages after which the next month begins, over sends that are under way. */
const crossingShare = 0.97;

/**
 * Lets months pass in minutes that end in the current one: in each the jobs run by an injected clock while people talk and
 * read whole rooms; all that is read is compared with all that was acknowledged. Ends at the first anomaly.
 */
export async function runYear(options: YearOptions): Promise<YearReport> {
  await using servers = await startYearServers(options.mongo, options.archive);
  await using run = new YearRun(options, servers);
  return await run.report();
}

/** Who takes part in a month. */
interface Cast {
  readonly writers: Writers;
  readonly rooms: YearRooms;
  readonly operator: Operator;
}

/** Hundreds of processes start: what one has compiled, the next one need not. */
function compiledIn(directory: string): Readonly<Record<string, string>> {
  return { NODE_COMPILE_CACHE: join(directory, 'compiled') };
}

class YearRun implements AsyncDisposable {
  private readonly random: () => number;
  private readonly months: readonly MonthYear[];
  private readonly clock: YearClock;
  private readonly stop = new AbortController();
  private readonly oracle: Oracle;
  private readonly tally = new Tally();
  private readonly ledger = new JobLedger();
  private readonly plan: readonly PlannedRoom[];
  private readonly erasures: ReadonlyMap<MonthYear, string>;
  private readonly pods: Pod[] = [];
  private writing: Promise<void> = Promise.resolve();
  private monthNow: MonthYear | undefined;
  /** Messages that are to be sent in this month, and those that were. */
  private quota = 0;
  private sentThisMonth = 0;
  private crossed: () => void = () => {};

  constructor(
    private readonly options: YearOptions,
    private readonly servers: YearServers,
  ) {
    const { seed, months, say, signal } = options;
    this.random = seededRandom(seed);
    const last = monthOf(Date.now());
    this.months = Array.from({ length: months }, (_, index) => addMonths(last, index + 1 - months));
    this.clock = new YearClock(startOfMonth(this.month(0)) + jobsAtMs);
    this.oracle = new Oracle(({ name, text }) => {
      say(`ANOMALY ${name}: ${text}`);
      this.stop.abort();
    });
    signal?.addEventListener('abort', () => this.stop.abort(), { once: true });
    this.plan = planRooms(options, this.random);
    this.erasures = planErasures(this.plan, this.months, seededRandom(seed + 2));
  }

  private newOperator({ mongo: { database } }: Pod): Operator {
    const { strikesStates, disturbs, kills: randomKills, say } = this.options;
    const { servers, oracle, ledger, random } = this;
    const runner = new JobRunner(this.jobEnv, this.clock, random);
    const strikes = { strikesStates, disturbs, randomKills, random };
    return new Operator(runner, { oracle, ledger, say }, { database, servers }, strikes);
  }

  async report(): Promise<YearReport> {
    const startedAt = performance.now();
    const { mongoUri, redisPort, archive } = this.servers;
    const { seed, say } = this.options;
    const pods: [Pod, Pod] = [
      await startPod({ mongoUri, redisPort, archive, now: this.clock.now }),
      await startPod({ mongoUri, redisPort, archive, now: this.clock.now }),
    ];
    this.pods.push(...pods);
    const operator = this.newOperator(pods[0]);
    await operator.run(this.month(0), this.span, this.months.length);
    const oracle = this.oracle;
    const reader = new RoomReader(oracle, this.tally);
    const writers = new Writers({
      pods,
      oracle,
      tally: this.tally,
      signal: this.stop.signal,
      sent: () => this.sentOne(),
    });
    const rooms = new YearRooms(pods[0], oracle, { plan: this.plan, months: this.months, erasures: this.erasures });
    const reading = this.readFrom(reader, pods, rooms.all);
    for (const [index, month] of this.months.entries()) {
      if (this.stop.signal.aborted) break;
      await this.passMonth(index, month, { writers, rooms, operator });
    }
    this.stop.abort();
    await reading;
    const { all } = rooms;
    const isOver = oracle.anomalies.length > 0 || this.options.signal?.aborted === true;
    if (!isOver) say('reading everything ...');
    const final = isOver
      ? { months: [], equalRooms: 0, rooms: all.length }
      : await checkFinally({ archive, oracle, reader, pods, rooms: all });
    const restored = isOver || oracle.anomalies.length > 0 ? undefined : await this.restored(reader, all);
    const seconds = (performance.now() - startedAt) / 1_000;
    const { summaries: jobs, disturbances, skipped } = this.ledger;
    return {
      seed,
      seconds,
      tally: this.tally,
      jobs,
      disturbances,
      skipped,
      final,
      restored,
      erased: oracle.erased,
      anomalies: oracle.anomalies,
    };
  }

  private async restored(reader: RoomReader, rooms: readonly ReadableRoom[]): Promise<FinalState | undefined> {
    const { say, strikesStates: strikes } = this.options;
    say('restoring the last backup, and reading everything again ...');
    const { offsetMs: clockOffsetMs, now } = this.clock;
    const oracle = this.oracle;
    return checkRestored({
      servers: this.servers,
      env: this.jobEnv,
      clockOffsetMs,
      now,
      oracle,
      reader,
      rooms,
      strikes,
    });
  }

  private get jobEnv(): Readonly<Record<string, string>> {
    const { mongoUri, archive, redisPort, directory } = this.servers;
    const erasing = { BODY_HASH_KEY: bodyHashKey, REDIS_NODES: `127.0.0.1:${redisPort}` };
    return {
      MONGO_URI: mongoUri,
      ...archive.env,
      ...erasing,
      ...tiersOf(this.options.months),
      ...compiledIn(directory),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pod of this.pods) await pod.close();
  }

  private async readFrom(reader: RoomReader, pods: readonly Pod[], rooms: readonly ReadableRoom[]): Promise<void> {
    const random = seededRandom(this.options.seed + 1);
    await keepReading({ pods, reader, rooms, random, signal: this.stop.signal });
  }

  /** A month: jobs and people at once. Resolves when the jobs are done and only the last sends are under way. */
  private async passMonth(index: number, month: MonthYear, { writers, rooms, operator }: Cast): Promise<void> {
    const startedAt = performance.now();
    const { acknowledged, roomsRead } = this.tally;
    const { kills } = this.ledger;
    this.clock.jumpTo(startOfMonth(month) + jobsAtMs);
    await this.writing;
    const lanes = await rooms.lanesOf(index);
    this.quota = lanes.reduce((sum, { messages }) => sum + messages, 0);
    this.sentThisMonth = 0;
    this.monthNow = month;
    const crossing = new Promise<void>((resolve) => {
      this.crossed = resolve;
    });
    this.writing = writers.send(lanes, this.random);
    const jobs = index === 0 ? undefined : operator.run(month, this.span, this.months.length - index);
    await Promise.all([Promise.race([crossing, this.writing]), jobs]);
    if (index === this.months.length - 1) await this.writing;
    const seconds = (performance.now() - startedAt) / 1_000;
    const sent = this.tally.acknowledged - acknowledged;
    this.options.say(
      `${month}  ${sent} messages, ${this.tally.roomsRead - roomsRead} rooms read, ` +
        `${this.ledger.kills - kills} kills, ${seconds.toFixed(0)} s; last: ${this.ledger.latest}`,
    );
  }

  /** Time passes with the messages. */
  private sentOne(): void {
    this.sentThisMonth += 1;
    const month = this.monthNow;
    if (!month) return;
    const share = this.sentThisMonth / this.quota;
    const start = startOfMonth(month) + jobsAtMs;
    const end = Math.min(endOfMonth(month) - jobsLateMs, Date.now());
    this.clock.jumpTo(start + Math.min(share, 1) * Math.max(0, end - start));
    if (share >= crossingShare) this.crossed();
  }

  private get span(): YearSpan {
    const last = this.month(this.months.length - 1);
    return { first: this.month(0), last, cluster: this.servers.cluster !== undefined, erasures: this.erasures };
  }

  private month(index: number): MonthYear {
    const month = this.months[index];
    if (!month) throw new Error(`no month ${index}`);
    return month;
  }
}
