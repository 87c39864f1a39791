import { jobNames } from '@parlance/storage';
import type { AlertRule } from './alert-rule.js';

/** What jobs have found, and jobs that did not do what they are for. Each chat service tells what MongoDB has of them. */
export const jobRules: readonly AlertRule[] = [
  {
    alert: 'ParlanceMoveStalled',
    severity: 'warning',
    pending: '5m',
    summary: 'a job has left a month half done for {{ $value | humanizeDuration }}',
    description: 'Nobody notices; the month lies on two tiers, or beside the archive, and other jobs leave it alone.',
    // No job that changes a month is given more than 20 hours.
    expr: 'max by (namespace) (chat_month_work_age_seconds{$chat}) > 24 * 3600',
  },
  {
    alert: 'ParlanceAuditFoundLoss',
    severity: 'critical',
    pending: '5m',
    summary: '{{ $labels.command }} has found {{ $value }} faults in the log or in groups',
    description: 'Messages may be missing, or rooms may not show what they have.',
    expr: 'max by (namespace, command) (chat_job_findings{$chat,command=~"audit|backup"}) > 0',
  },
  {
    alert: 'ParlanceVerifyFailed',
    severity: 'critical',
    pending: '5m',
    summary: '{{ $labels.cause }}',
    description:
      'Old history may not be what was written: a part of it cannot be read, or differs from what is known of it.',
    expr: `label_replace(max by (namespace) (chat_job_findings{$chat,command="scrub-archive"}) > 0, "cause", "scrub-archive has found the archive damaged", "", "")
  or label_replace(
    max by (namespace) (chat_job_findings{$chat,command="verify"}) - max by (namespace) (chat_zone_drift_ranges{$chat}) - max by (namespace) (chat_jumbo_ranges{$chat}) > 0,
    "cause", "verify has found months that are not as they should be", "", ""
  )
  or label_replace(
    sum by (namespace) (increase(chat_archive_reads_total{$chat,result=~"damaged|missing"}[1h])) > 0,
    "cause", "readers have met a part of the archive that is damaged or missing", "", ""
  )`,
    leavesTo: { alerts: ['ParlanceMoveStalled'], for: '10m' },
  },
  {
    alert: 'ParlanceArchiveUnverified',
    severity: 'warning',
    pending: '1h',
    summary: '{{ $value }} archived months have not been found whole for 35 days',
    description: 'Nobody knows whether they can still be read.',
    expr: 'max by (namespace) (chat_archive_unverified_months{$chat}) > 0',
  },
  {
    alert: 'ParlanceZoneDrift',
    severity: 'warning',
    pending: '5m',
    summary: '{{ $value }} ranges of months lie outside their tier',
    description:
      'Nobody notices but by the speed; fast disks hold what should be on cheap ones, or the other way round.',
    expr: 'max by (namespace) (chat_zone_drift_ranges{$chat}) > 0',
  },
  {
    alert: 'ParlanceJumboRange',
    severity: 'warning',
    pending: '5m',
    summary: 'MongoDB holds {{ $value }} ranges of months for too large to move',
    description: 'These months stay on the disks where they are.',
    expr: 'max by (namespace) (chat_jumbo_ranges{$chat}) > 0',
  },
  {
    alert: 'ParlanceJobFailed',
    severity: 'warning',
    pending: '10m',
    summary: 'the last run of {{ $labels.command }} has failed',
    description: 'New months, tiers, the archive or backups fall behind.',
    expr: `max by (namespace, command) (
  chat_job_failed{$chat} == 1
    or label_replace(
      label_replace(
        max by (namespace, owner_name) (
          kube_job_status_start_time{$kubernetes}
            * on (namespace, job_name) group_left (owner_name) kube_job_owner{$kubernetes,owner_kind="CronJob",owner_name=~"@cronjobs@"}
            and on (namespace, job_name) kube_job_failed{$kubernetes,condition="true"} == 1
        )
        > on (namespace, owner_name) label_replace(
          max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{$kubernetes} or kube_cronjob_created{$kubernetes}),
          "owner_name", "$1", "cronjob", "(.+)"
        ),
        "command", "$1", "owner_name", "(.+)"
      ),
      "command", "$1", "owner_name", ".+-(${jobNames.join('|')})"
    )
)
unless on (namespace, command) chat_job_findings{$chat} > 0`,
    leavesTo: { alerts: ['ParlanceStoreAway'], for: '10m' },
  },
  {
    alert: 'ParlanceJobOverdue',
    severity: 'warning',
    pending: '1h',
    summary: '{{ $labels.command }} has not ended well for {{ $value | humanizeDuration }}, and has not failed',
    description: 'It does not begin, or is refused each time. New months, tiers, the archive or backups fall behind.',
    // All of these run at least once a day; what never ended well is not used here.
    expr: `time() - max by (namespace, command) (
  chat_job_last_success_seconds{$chat,command=~"create-months|seal-month|migrate-tiers|archive-months|apply-retention|backup"} > 0
) > 2 * 86400
unless on (namespace, command) chat_job_failed{$chat} == 1`,
    leavesTo: { alerts: ['ParlanceStoreAway'], for: '10m' },
  },
];
