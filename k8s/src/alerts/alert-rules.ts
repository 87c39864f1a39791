import type { AlertRule } from './alert-rule.js';

/** All alerts, by the group that Prometheus evaluates them in. */
export const alertRules: Readonly<Record<string, readonly AlertRule[]>> = {
  'parlance-alerts': [
    {
      alert: 'ParlanceSendsRefused',
      severity: 'critical',
      pending: '2m',
      summary: '{{ $value | humanizePercentage }} of what people send is refused for no fault of theirs',
      description: 'Nothing acknowledged is lost; clients send again under the same id until it is acknowledged.',
      expr: `sum by (namespace) (rate(chat_gateway_requests_total{$gateway,event="sendMessage",code=~"STORE_UNAVAILABLE|DEADLINE_EXCEEDED|SHUTTING_DOWN|INTERNAL"}[5m]))
  / sum by (namespace) (rate(chat_gateway_requests_total{$gateway,event="sendMessage"}[5m]))
  > 0.01`,
    },
    {
      alert: 'ParlanceCutOff',
      severity: 'critical',
      pending: '2m',
      summary: '{{ $labels.pod }}: {{ $labels.cause }}',
      description:
        "Without a stream a gateway can store nothing; without Redis messages come late, by the gateways' sweeps.",
      expr: `label_replace(max by (namespace, pod) (chat_gateway_streams{$gateway}) == 0, "cause", "no stream to a chat service", "", "")
  or label_replace(max by (namespace, pod) (chat_gateway_wanted_channels{$gateway} - chat_gateway_confirmed_channels{$gateway}) > 0, "cause", "Redis has not confirmed channels", "", "")
  or label_replace(sum by (namespace, pod) (rate(chat_redis_write_errors_total{$chat}[5m])) > 0, "cause", "Redis does not take events", "", "")`,
    },
    {
      alert: 'ParlanceJobsBehind',
      severity: 'warning',
      pending: '10m',
      summary: '{{ $labels.cause }}',
      description:
        'Sends fail from the first second of a month that is not open; tiers, archive and backup fall behind.',
      expr: `label_replace(max by (namespace) (chat_months_missing{$chat}) > 0, "cause", "a month among this and the next is not open for messages", "", "")
  or label_replace(
    max by (namespace, owner_name) (
      kube_job_status_start_time{$kubernetes}
        * on (namespace, job_name) group_left (owner_name) kube_job_owner{$kubernetes,owner_kind="CronJob",owner_name=~"@cronjobs@"}
        and on (namespace, job_name) kube_job_failed{$kubernetes,condition="true"} == 1
    )
    > on (namespace, owner_name) label_replace(
      max by (namespace, cronjob) (kube_cronjob_status_last_successful_time{$kubernetes} or kube_cronjob_created{$kubernetes}),
      "owner_name", "$1", "cronjob", "(.+)"
    ),
    "cause", "the last run of $1 has failed", "owner_name", "(.+)"
  )`,
    },
  ],
};
