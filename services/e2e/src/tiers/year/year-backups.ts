import { addMonths, type MonthYear } from '@parlance/storage';
import type { YearJob } from './year-job.js';

/** Months from one backup to the next. */
const everyMonths = 3;

/** Copies what has come since the last time, each few months and in the last one, while people talk. */
export const backupJob: YearJob = {
  name: 'backup',
  due: (month, { first, last }) => (isBackupMonth(month, first) || month === last ? [['backup', '--wait', '60']] : []),
};

/** The first one has nothing to go on from: it is the first after all tiers but the archive are in use. */
function isBackupMonth(month: MonthYear, first: MonthYear): boolean {
  for (let each = addMonths(first, everyMonths); each <= month; each = addMonths(each, everyMonths)) {
    if (each === month) return true;
  }
  return false;
}
