import type { Board } from '../panel.js';
import { outcomes, quantiles, rateBy } from '../queries.js';

/** Is it healthy, is anything lost, what is slow, what must be done: from what people notice to what jobs have found. */
export const overview: Board = {
  name: 'overview',
  title: 'Parlance: overview',
  rows: {
    'Is it healthy': [
      {
        title: 'Alerts that fire',
        doc: 'Each has a page that says what to do: docs/runbooks.',
        unit: 'short',
        queries: {
          critical:
            'count(ALERTS{namespace="$namespace",alertname=~"Parlance.+",alertstate="firing",severity="critical"}) or vector(0)',
          warning:
            'count(ALERTS{namespace="$namespace",alertname=~"Parlance.+",alertstate="firing",severity="warning"}) or vector(0)',
        },
      },
      {
        title: 'Pods that are ready',
        doc: 'As they say it themselves.',
        unit: 'short',
        queries: { '{{job}}': 'sum by (job) (chat_gateway_ready{$gateway} or chat_ready{$chat})' },
      },
      {
        title: 'Pods with a check that is down',
        doc: 'By check. Those of Redis bring messages late, those of MongoDB refuse sends; /readyz has the reason.',
        unit: 'short',
        queries: {
          '{{job}}: {{check}}':
            'sum by (job, check) (1 - (chat_gateway_health_check_up{$gateway} or chat_health_check_up{$chat}))',
        },
      },
      {
        title: 'Pods that are degraded',
        doc: 'They serve, but not as they should.',
        unit: 'short',
        queries: { '{{job}}': 'sum by (job) (chat_gateway_degraded{$gateway} or chat_degraded{$chat})' },
      },
    ],
    'What people notice': [
      {
        title: 'Sockets',
        doc: 'Connected or in their handshake, by gateway.',
        unit: 'short',
        queries: { '{{pod}}': 'sum by (pod) (chat_gateway_connections{$gateway})' },
      },
      {
        title: 'Sends by outcome',
        doc: 'OK or the error code. Retried sends count each time.',
        unit: 'reqps',
        queries: outcomes('sendMessage'),
      },
      {
        title: 'From a send to its acknowledgement',
        doc: 'As the gateway sees it. The objective: 99 of 100 within a second.',
        unit: 's',
        queries: quantiles('chat_gateway_request_duration_seconds', '$gateway,event="sendMessage"'),
      },
      {
        title: 'From a send to sockets',
        doc: 'From its arrival at the chat service to those who are there. The objective: 99 of 100 within a second.',
        unit: 's',
        queries: quantiles('chat_gateway_message_end_to_end_seconds', '$gateway'),
      },
    ],
    'Is anything lost': [
      {
        title: 'Gaps',
        doc: 'Jumps over messages whose event did not come: pulled from the log, or answered with heads.',
        unit: 'short',
        queries: { '{{what}} a second': rateBy('what', 'chat_gateway_gaps_total{$gateway}') },
      },
      {
        title: 'Messages by the way they came',
        doc: 'By their event, or by a pull where that did not come. Nothing is lost either way; pulls are late.',
        unit: 'short',
        queries: {
          'by their event, a second': rateBy('', 'chat_gateway_heard_messages_total{$gateway}'),
          'by a pull, a second': rateBy('', 'chat_gateway_repaired_messages_total{$gateway}'),
        },
      },
      {
        title: 'What jobs have found and left',
        doc: 'Of audit and backup: faults of the log. Of verify and scrub-archive: old months that are not as they should be.',
        unit: 'short',
        queries: { '{{command}}': 'max by (command) (chat_job_findings{$chat})' },
      },
      {
        title: 'Sends that had been stored before',
        doc: 'Sent again by a client that had no answer; answered with the first, stored once.',
        unit: 'reqps',
        queries: { 'stored before': rateBy('', 'chat_log_duplicate_sends_total{$chat}') },
      },
    ],
    'What must be done': [
      {
        title: 'Months that are open',
        doc: '1 where it takes messages: 0 is this month, 1 the next. In a cluster jobs open two ahead.',
        unit: 'short',
        queries: { 'in {{offset}} months': 'max by (offset) (chat_months_open{$chat})' },
      },
      {
        title: 'Jobs whose last run failed',
        doc: 'New months, tiers, the archive or backups fall behind.',
        unit: 'short',
        queries: { '{{command}}': 'max by (command) (chat_job_failed{$chat})' },
      },
      {
        title: 'Certificates that end within 30 days',
        doc: 'Of what the processes have read: restart them when it was renewed. An alert names them two weeks before.',
        unit: 'short',
        queries: {
          certificates:
            'count((chat_gateway_certificate_expires_seconds{$gateway} or chat_certificate_expires_seconds{$chat}) - time() < 30 * 86400) or vector(0)',
        },
      },
      {
        title: 'Connections of what gateways take',
        doc: 'At 1 a gateway refuses whoever comes next.',
        unit: 'percentunit',
        queries: {
          '{{pod}}':
            'max by (pod) (chat_gateway_connections{$gateway}) / max by (pod) (chat_gateway_connections_limit{$gateway} > 0)',
        },
      },
    ],
  },
};
