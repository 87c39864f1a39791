import { type AlertCase, chat, firing, type Series, seriesOf } from './alert-case.js';

const findings = (command: string, count: number): Series => ({
  [chat('chat_job_findings', 'c1', { command })]: `${count}x60`,
  [chat('chat_job_findings', 'c2', { command })]: `${count}x60`,
});
const failed = (command: string, isFailed: 0 | 1, minutes = 60): Series => ({
  [chat('chat_job_failed', 'c1', { command })]: `${isFailed}x${minutes}`,
});
const lastSuccess = (command: string, seconds: number): Series => ({
  [chat('chat_job_last_success_seconds', 'c1', { command })]: `${seconds}x3000`,
});
const gauge = (name: string, value: number): Series => ({ [chat(name, 'c1')]: `${value}x60` });
const archiveReads = (result: string, values: string): Series => ({
  [chat('chat_archive_reads_total', 'c1', { result })]: values,
});
/** A Job of a CronJob that began at a minute, and whether it has failed. */
const job = (name: string, cronJob: string, minute: number, isFailed: boolean): Series => ({
  [seriesOf('kube_job_status_start_time', { namespace: 'talk', job_name: name })]: `${minute * 60}x60`,
  [seriesOf('kube_job_owner', {
    namespace: 'talk',
    job_name: name,
    owner_kind: 'CronJob',
    owner_name: cronJob,
  })]: '1x60',
  [seriesOf('kube_job_failed', { namespace: 'talk', job_name: name, condition: 'true' })]: `${isFailed ? 1 : 0}x60`,
});
const cron = (name: string, success?: number): Series => ({
  [seriesOf('kube_cronjob_created', { namespace: 'talk', cronjob: name })]: '0x60',
  ...(success !== undefined && {
    [seriesOf('kube_cronjob_status_last_successful_time', { namespace: 'talk', cronjob: name })]: `${success * 60}x60`,
  }),
});

/** What the alerts of jobs are tried on. */
export const jobCases: readonly AlertCase[] = [
  {
    title: 'a job has been at a month for 30 hours',
    series: gauge('chat_month_work_age_seconds', 30 * 3_600),
    alert: 'ParlanceMoveStalled',
    minute: 15,
    fires: [{ severity: 'warning', summary: 'a job has left a month half done for 1d 6h 0m 0s' }],
  },
  {
    title: 'a job has been at a month for 19 hours',
    series: gauge('chat_month_work_age_seconds', 19 * 3_600),
    alert: 'ParlanceMoveStalled',
    minute: 15,
    fires: [],
  },
  {
    title: 'the audit has left three faults',
    series: findings('audit', 3),
    alert: 'ParlanceAuditFoundLoss',
    minute: 15,
    fires: [
      {
        severity: 'critical',
        labels: { command: 'audit' },
        summary: 'audit has found 3 faults in the log or in groups',
      },
    ],
  },
  {
    title: 'the audit found nothing, and another job something',
    series: { ...findings('audit', 0), ...findings('verify', 2) },
    alert: 'ParlanceAuditFoundLoss',
    minute: 15,
    fires: [],
  },
  {
    title: 'scrub and verify have found something, and readers too',
    series: {
      ...findings('scrub-archive', 1),
      ...findings('verify', 3),
      ...gauge('chat_zone_drift_ranges', 1),
      ...gauge('chat_jumbo_ranges', 1),
      ...archiveReads('damaged', '0x3 1x60'),
    },
    alert: 'ParlanceVerifyFailed',
    minute: 15,
    fires: [
      'scrub-archive has found the archive damaged',
      'verify has found months that are not as they should be',
      'readers have met a part of the archive that is damaged or missing',
    ].map((cause) => ({ severity: 'critical', labels: { cause }, summary: cause })),
  },
  {
    title: 'verify has found ranges that drifted, and the archive could not be reached',
    series: {
      ...findings('scrub-archive', 0),
      ...findings('verify', 2),
      ...gauge('chat_zone_drift_ranges', 2),
      ...gauge('chat_jumbo_ranges', 0),
      ...archiveReads('unavailable', '0+5x60'),
      ...archiveReads('damaged', '0x60'),
    },
    alert: 'ParlanceVerifyFailed',
    minute: 15,
    fires: [],
  },
  {
    title: 'two archived months were not looked at for long',
    series: gauge('chat_archive_unverified_months', 2),
    alert: 'ParlanceArchiveUnverified',
    minute: 61,
    fires: [{ severity: 'warning', summary: '2 archived months have not been found whole for 35 days' }],
  },
  {
    title: 'all archived months were looked at',
    series: gauge('chat_archive_unverified_months', 0),
    alert: 'ParlanceArchiveUnverified',
    minute: 61,
    fires: [],
  },
  {
    title: 'ranges have drifted',
    series: gauge('chat_zone_drift_ranges', 4),
    alert: 'ParlanceZoneDrift',
    minute: 15,
    fires: [{ severity: 'warning', summary: '4 ranges of months lie outside their tier' }],
  },
  {
    title: 'no range has drifted',
    series: gauge('chat_zone_drift_ranges', 0),
    alert: 'ParlanceZoneDrift',
    minute: 15,
    fires: [],
  },
  {
    title: 'a range is jumbo',
    series: gauge('chat_jumbo_ranges', 1),
    alert: 'ParlanceJumboRange',
    minute: 15,
    fires: [{ severity: 'warning', summary: 'MongoDB holds 1 ranges of months for too large to move' }],
  },
  {
    title: 'no range is jumbo',
    series: gauge('chat_jumbo_ranges', 0),
    alert: 'ParlanceJumboRange',
    minute: 15,
    fires: [],
  },
  {
    title: 'a job failed that once went well, and one that never did; both sources tell of one of them',
    series: {
      ...failed('backup', 1),
      ...cron('chat-parlance-backup', 5),
      ...job('backup-1', 'chat-parlance-backup', 10, true),
      ...cron('chat-redis-heal'),
      ...job('heal-1', 'chat-redis-heal', 10, true),
    },
    alert: 'ParlanceJobFailed',
    minute: 40,
    fires: ['backup', 'chat-redis-heal'].map((command) => ({
      severity: 'warning',
      labels: { command },
      summary: `the last run of ${command} has failed`,
    })),
  },
  {
    title: 'the next run went well, a job ended with a finding, and one of somebody else failed',
    series: {
      ...failed('backup', 0),
      ...cron('chat-parlance-backup', 20),
      ...job('backup-1', 'chat-parlance-backup', 10, true),
      ...job('backup-2', 'chat-parlance-backup', 15, false),
      ...failed('audit', 0),
      ...findings('audit', 1),
      ...cron('chat-parlance-audit'),
      ...job('audit-1', 'chat-parlance-audit', 10, true),
      ...cron('billing'),
      ...job('billing-1', 'billing', 10, true),
    },
    alert: 'ParlanceJobFailed',
    minute: 40,
    fires: [],
  },
  {
    title:
      'no backup for two days; a job that never ended well, one that fails and one that is weekly are told of elsewhere',
    series: {
      ...lastSuccess('backup', 60),
      ...failed('backup', 0, 3_000),
      ...lastSuccess('archive-months', 0),
      ...lastSuccess('migrate-tiers', 60),
      ...failed('migrate-tiers', 1, 3_000),
      ...lastSuccess('audit', 60),
    },
    alert: 'ParlanceJobOverdue',
    minute: 2_960,
    fires: [
      {
        severity: 'warning',
        labels: { command: 'backup' },
        summary: 'backup has not ended well for 2d 1h 19m 0s, and has not failed',
      },
    ],
  },
  {
    title: 'the last backup was an hour ago',
    series: { ...lastSuccess('backup', 60), ...failed('backup', 0) },
    alert: 'ParlanceJobOverdue',
    minute: 60,
    fires: [],
  },
  {
    title: 'jobs fail while MongoDB is away',
    series: { ...failed('backup', 1), ...firing('ParlanceStoreAway') },
    alert: 'ParlanceJobFailed',
    minute: 40,
    fires: [],
  },
];
