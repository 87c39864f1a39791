import {
  claimMonth,
  holdsMonth,
  type MonthChange,
  type MonthClaim,
  type MonthDocument,
  type MonthYear,
  majority,
  releaseMonth,
  type StepNote,
  stepMonth,
} from '@parlance/storage';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';

/** The words of a step, and what a successor has to know from then on. */
export interface ClaimedStep<Memo> extends Omit<StepNote, 'memo'> {
  readonly memo?: Memo;
}

/**
 * A month that this run has claimed. Every change of it goes through here and fails when another run has claimed it since:
 * whoever gets that JobFailed is a zombie and has changed nothing. `Memo` is what a successor of the same job finds.
 */
export class ClaimedMonth<Memo extends object> {
  private constructor(
    private readonly job: Pick<JobContext, 'database' | 'signal'>,
    private readonly claim: MonthClaim,
    /** The entry as it was when it was claimed. */
    readonly entry: MonthDocument,
    private current: Partial<Memo>,
  ) {}

  /**
   * Claims a month as it was read.
   * @throws JobFailed when it was changed since.
   */
  static async claim<Memo extends object>(
    job: Pick<JobContext, 'database' | 'signal' | 'newId'>,
    read: Pick<MonthDocument, 'monthYear' | 'epoch'>,
    name: string,
    note: ClaimedStep<never>,
  ): Promise<ClaimedMonth<Memo>> {
    const claim = await claimMonth(job.database, read, { run: job.newId(), job: name }, note);
    const entry =
      claim && (await job.database.months.findOne({ monthYear: claim.month, epoch: claim.epoch }, majority()));
    if (!claim || entry?.work?.run !== claim.run) {
      throw new JobFailed(`${read.monthYear} is no longer in epoch ${read.epoch}: another job changed it`);
    }
    return new ClaimedMonth<Memo>(job, claim, entry, entry.work.memo as Partial<Memo>);
  }

  get month(): MonthYear {
    return this.claim.month;
  }

  get memo(): Partial<Memo> {
    return this.current;
  }

  /**
   * Notes the step that is taken next, with what it changes.
   * @throws JobFailed when the claim is lost or the job was stopped.
   */
  async step(note: ClaimedStep<Partial<Memo>>, change?: MonthChange): Promise<void> {
    this.job.signal.throwIfAborted();
    const { memo, ...words } = note;
    const noted: StepNote = memo ? { ...words, memo: { ...memo } } : words;
    const own = await stepMonth(this.job.database, this.claim, noted, change);
    if (!own) throw this.lost();
    if (memo) this.current = memo;
  }

  /**
   * The same, but answers `false` and changes nothing from a time of MongoDB's clock on; `undefined` is no end.
   * @throws as of {@link step}.
   */
  async stepBefore(until: Date | undefined, note: StepNote, change: MonthChange): Promise<boolean> {
    this.job.signal.throwIfAborted();
    if (await stepMonth(this.job.database, this.claim, note, change, until)) return true;
    await this.hold();
    return false;
  }

  /**
   * Right before a command that MongoDB cannot fence.
   * @throws JobFailed when the claim is lost or the job was stopped.
   */
  async hold(): Promise<void> {
    this.job.signal.throwIfAborted();
    if (!(await holdsMonth(this.job.database, this.claim))) throw this.lost();
  }

  /**
   * Ends the work.
   * @throws JobFailed when the claim is lost.
   */
  async release(change?: MonthChange): Promise<void> {
    if (!(await releaseMonth(this.job.database, this.claim, change))) throw this.lost();
  }

  private lost(): JobFailed {
    const { month, epoch } = this.claim;
    return new JobFailed(`${month} is no longer ours in epoch ${epoch}: another job changed it`);
  }
}
