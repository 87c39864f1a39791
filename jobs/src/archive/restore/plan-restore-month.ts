import type { MonthDocument, MonthYear } from '@parlance/storage';
import type { Plan, PlannedStep } from '../../plan.js';

/** What `restore-month` has found. */
export interface RestoreInventory {
  readonly month: MonthYear;
  readonly hasArchive: boolean;
  /** The month's entry in `months`; undefined when it has none. */
  readonly entry: Pick<MonthDocument, 'state' | 'epoch' | 'archive'> | undefined;
  /** Name of another database to restore into; undefined to bring the month back to where it was. */
  readonly into: string | undefined;
  /** Name of the database that services use. */
  readonly own: string;
}

/** A step of `restore-month`. */
export interface RestoreStep extends PlannedStep {
  /** `copy`: into another database. `live`: back to where it was, for readers. */
  readonly kind: 'copy' | 'live';
  readonly epoch: number;
}

/** The name under which the job claims a month. */
export const restoreJob = 'restore-month';

/** How a month is brought back. Pure. */
export function planRestoreMonth({ month, hasArchive, entry, into, own }: RestoreInventory): Plan<RestoreStep> {
  if (!hasArchive) return { verdict: 'refused', reason: 'no archive is configured: ARCHIVE_DRIVER is none' };
  if (!entry) return { verdict: 'refused', reason: `${month} is not registered` };
  const { archive, epoch, state } = entry;
  if (!archive) return { verdict: 'refused', reason: `${month} was never archived` };
  if (into === own) {
    return {
      verdict: 'refused',
      reason: `${own} is the database that services use: --live brings ${month} back there`,
    };
  }
  const reason = `its archive is ${archive.manifest}, with ${archive.messages.toString()} messages`;
  if (into !== undefined) {
    const what = `put the records of ${month} into the database ${into}, then compare them with the archive`;
    return { verdict: 'run', steps: [{ kind: 'copy', epoch, what, reason }] };
  }
  if (state !== 'ARCHIVED') return { verdict: 'nothing', reason: `${month} is ${state}: readers find it in MongoDB` };
  const what = `have the records of ${month} in MongoDB again, compare them with the archive, then send readers there`;
  return { verdict: 'run', steps: [{ kind: 'live', epoch, what, reason }] };
}
