import type { Board } from '../panel.js';
import { rateBy } from '../queries.js';

/** What jobs did and found, as they keep it in MongoDB and chat services tell it. */
export const jobs: Board = {
  name: 'jobs',
  title: 'Parlance: jobs and archive',
  rows: {
    Jobs: [
      {
        title: 'Since the last success of each job',
        doc: 'Daily jobs stay under 24 h, backup under one. A job that never ended well has no line.',
        unit: 's',
        queries: { '{{command}}': 'time() - max by (command) (chat_job_last_success_seconds{$chat} > 0)' },
      },
      {
        title: 'Since the last end of each job',
        doc: 'However it ended. Far below the last success: it fails again and again.',
        unit: 's',
        queries: { '{{command}}': 'time() - max by (command) (chat_job_last_end_seconds{$chat} > 0)' },
      },
      {
        title: 'Jobs whose last run failed',
        doc: 'Or that were begun two days ago and have not ended.',
        unit: 'short',
        queries: { '{{command}}': 'max by (command) (chat_job_failed{$chat})' },
      },
      {
        title: 'What they found wrong and left',
        doc: 'At their last run: their log names each.',
        unit: 'short',
        queries: { '{{command}}': 'max by (command) (chat_job_findings{$chat})' },
      },
    ],
    Archive: [
      {
        title: 'Archived months that nobody has looked at',
        doc: 'Not found whole by scrub-archive for 35 days.',
        unit: 'short',
        queries: { months: 'max(chat_archive_unverified_months{$chat})' },
      },
      {
        title: 'Reads of the archive',
        doc: '`damaged` and `missing` need somebody to look: jobs scrub-archive.',
        unit: 'reqps',
        queries: { '{{result}}': rateBy('result', 'chat_archive_reads_total{$chat}') },
      },
      {
        title: 'Months that jobs are at',
        doc: 'By the step of the move or of archiving.',
        unit: 'short',
        queries: { '{{phase}}': 'max by (phase) (chat_month_moves{$chat})' },
      },
      {
        title: 'Since the last success, says Kubernetes',
        doc: 'Of kube-state-metrics, where it is: CronJobs of Redis and MongoDB too.',
        unit: 's',
        queries: {
          '{{cronjob}}': 'time() - max by (cronjob) (kube_cronjob_status_last_successful_time{namespace="$namespace"})',
        },
      },
    ],
  },
};
