import { addMonths } from '@parlance/storage';
import { backupJob } from './year-backups.js';
import type { YearJob } from './year-job.js';

/** How long a job waits for the lease of one that was killed. */
const wait = ['--wait', '60'];

/** What runs in each month, in this order. */
export const yearJobs: readonly YearJob[] = [
  { name: 'create-months', due: () => [['create-months']] },
  {
    name: 'seal-month',
    due: (month, { first }) => (month > first ? [['seal-month', '--month', addMonths(month, -1)]] : []),
  },
  {
    name: 'migrate-tiers',
    due: (month, { first, cluster }) => (cluster && month > first ? [['migrate-tiers', ...wait]] : []),
  },
  { name: 'archive-months', due: (month, { first }) => (month > first ? [['archive-months', ...wait]] : []) },
  {
    name: 'erase-user',
    strikesAMonth: 4,
    due: (month, { erasures }) => {
      const user = erasures.get(month);
      return user === undefined ? [] : [['erase-user', '--user', user, ...wait]];
    },
  },
  // What an erasure has not left to it, and up to when that is all.
  {
    name: 'fold-events',
    strikesAMonth: 1,
    due: (month, { erasures }) => (erasures.has(addMonths(month, -1)) ? [['fold-events', ...wait]] : []),
  },
  backupJob,
  // What it finds wrong fails the year.
  { name: 'verify', looks: true, due: (month, { last }) => [month < last ? ['verify', '--quick'] : ['verify']] },
  { name: 'scrub-archive', looks: true, due: (month, { last }) => (month < last ? [] : [['scrub-archive', ...wait]]) },
  { name: 'audit', looks: true, due: (month, { last }) => (month < last ? [] : [['audit']]) },
];
