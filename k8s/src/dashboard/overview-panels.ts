/** A panel: what it shows, of which queries. Queries know `$gateway` and `$chat`, the selectors of the two services' series. */
export interface Panel {
  readonly title: string;
  /** What to think of it, for people. */
  readonly doc: string;
  /** Of Grafana: `short`, `s`, `reqps`, `bytes`, `percentunit`. */
  readonly unit: string;
  /** PromQL by the legend of its lines. */
  readonly queries: Readonly<Record<string, string>>;
}

/** The overview: rows of panels, from what people notice down to processes. */
export const overviewPanels: Readonly<Record<string, readonly Panel[]>> = {
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
      queries: {
        '{{code}}': 'sum by (code) (rate(chat_gateway_requests_total{$gateway,event="sendMessage"}[$__rate_interval]))',
      },
    },
    {
      title: 'From a send to its acknowledgement',
      doc: 'As the gateway sees it.',
      unit: 's',
      queries: quantiles('chat_gateway_request_duration_seconds_bucket{$gateway,event="sendMessage"}'),
    },
    {
      title: 'From publication to sockets',
      doc: 'How long a stored message takes to those who are there. Above 5 s only sweeps bring it.',
      unit: 's',
      queries: quantiles('chat_gateway_message_delivery_seconds_bucket{$gateway}'),
    },
  ],
  'The log': [
    {
      title: 'Messages stored a second',
      doc: 'By chat service. Rooms are spread over them by their id.',
      unit: 'short',
      queries: { '{{pod}}': 'sum by (pod) (rate(chat_log_messages_total{$chat}[$__rate_interval]))' },
    },
    {
      title: 'From a send to its majority commit',
      doc: 'What MongoDB takes, and waiting for the commit before.',
      unit: 's',
      queries: quantiles('chat_log_send_seconds_bucket{$chat}'),
    },
    {
      title: 'Messages an insert',
      doc: 'Under load many messages share a write.',
      unit: 'short',
      queries: {
        '{{pod}}':
          'sum by (pod) (rate(chat_log_insert_batch_messages_sum{$chat}[$__rate_interval])) / sum by (pod) (rate(chat_log_insert_batch_messages_count{$chat}[$__rate_interval]))',
      },
    },
    {
      title: 'Retries and months that are missing',
      doc: 'Pauses before a room tries again; months among this and the next that are not open: above 0 sends will fail.',
      unit: 'short',
      queries: {
        'retries a second': 'sum(rate(chat_log_retries_total{$chat}[$__rate_interval]))',
        'refused for their month, a second': 'sum(rate(chat_months_refusals_total{$chat}[$__rate_interval]))',
        'months missing': 'max(chat_months_missing{$chat})',
      },
    },
  ],
  'In between': [
    {
      title: 'Streams to chat services',
      doc: 'One to each ready pod. At 0 a gateway stores nothing.',
      unit: 'short',
      queries: { '{{pod}}': 'max by (pod) (chat_gateway_streams{$gateway})' },
    },
    {
      title: 'Calls in flight, sent again, given up',
      doc: 'What a broken stream costs.',
      unit: 'short',
      queries: {
        'in flight': 'sum(chat_gateway_calls_in_flight{$gateway})',
        'sent again a second': 'sum(rate(chat_gateway_call_retries_total{$gateway}[$__rate_interval]))',
        'given up a second, {{why}}':
          'sum by (why) (rate(chat_gateway_call_retries_refused_total{$gateway}[$__rate_interval]))',
      },
    },
    {
      title: 'Redis: what is not there',
      doc: 'Channels not confirmed, and events and cache entries not taken. The log does not need them.',
      unit: 'short',
      queries: {
        'channels of {{pod}}':
          'sum by (pod) (chat_gateway_wanted_channels{$gateway} - chat_gateway_confirmed_channels{$gateway})',
        'commands not taken a second': 'sum(rate(chat_redis_write_errors_total{$chat}[$__rate_interval]))',
      },
    },
    {
      title: 'Gaps, and messages pulled',
      doc: 'Messages whose event did not arrive and that were pulled from the log.',
      unit: 'short',
      queries: {
        'gaps a second, {{what}}': 'sum by (what) (rate(chat_gateway_gaps_total{$gateway}[$__rate_interval]))',
        'pulled a second': 'sum(rate(chat_gateway_repaired_messages_total{$gateway}[$__rate_interval]))',
      },
    },
  ],
  'Months, archive and jobs': [
    {
      title: 'Reads of the archive',
      doc: '`damaged` and `missing` need somebody to look: jobs scrub-archive.',
      unit: 'reqps',
      queries: { '{{result}}': 'sum by (result) (rate(chat_archive_reads_total{$chat}[$__rate_interval]))' },
    },
    {
      title: 'Reads of the cache',
      doc: 'A miss is answered by MongoDB.',
      unit: 'reqps',
      queries: { '{{result}}': 'sum by (result) (rate(chat_cache_reads_total{$chat}[$__rate_interval]))' },
    },
    {
      title: 'Since the last success of each job',
      doc: 'Of kube-state-metrics. Daily jobs stay under 24 h.',
      unit: 's',
      queries: {
        '{{cronjob}}': 'time() - max by (cronjob) (kube_cronjob_status_last_successful_time{namespace="$namespace"})',
      },
    },
    {
      title: 'Clock against MongoDB',
      doc: 'Beyond 2 s either way a chat service is not ready.',
      unit: 's',
      queries: { '{{pod}}': 'max by (pod) (abs(chat_storage_clock_skew_seconds{$chat}))' },
    },
  ],
  Processes: [
    {
      title: 'Event loop busy',
      doc: 'Share of the time. Near 1 a pod more is needed.',
      unit: 'percentunit',
      queries: {
        '{{pod}}': 'max by (pod) (chat_gateway_event_loop_busy_ratio{$gateway} or chat_event_loop_busy_ratio{$chat})',
      },
    },
    {
      title: 'CPU',
      doc: 'Cores.',
      unit: 'short',
      queries: {
        '{{pod}}':
          'sum by (pod) (rate(process_cpu_seconds_total{$gateway}[$__rate_interval]) or rate(process_cpu_seconds_total{$chat}[$__rate_interval]))',
      },
    },
    {
      title: 'Memory',
      doc: 'Resident.',
      unit: 'bytes',
      queries: {
        '{{pod}}': 'max by (pod) (process_resident_memory_bytes{$gateway} or process_resident_memory_bytes{$chat})',
      },
    },
    {
      title: 'Builds',
      doc: 'Pods by version.',
      unit: 'short',
      queries: {
        '{{name}} {{version}}':
          'count by (name, version) (chat_gateway_build_info{$gateway} or chat_build_info{$chat})',
      },
    },
  ],
};

function quantiles(buckets: string): Readonly<Record<string, string>> {
  const quantile = (share: number): string =>
    `histogram_quantile(${share}, sum by (le) (rate(${buckets}[$__rate_interval])))`;
  return { 'half of them': quantile(0.5), '99 of 100': quantile(0.99) };
}
