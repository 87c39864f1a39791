import type { Board } from '../panel.js';
import { rateBy } from '../queries.js';

const both = (metric: string): string => `${metric}{$gateway} or ${metric}{$chat}`;
const rateOfBoth = (metric: string): string =>
  `rate(${metric}{$gateway}[$__rate_interval]) or rate(${metric}{$chat}[$__rate_interval])`;

/** What processes use, and of which there is too little next. */
export const capacity: Board = {
  name: 'capacity',
  title: 'Parlance: capacity',
  rows: {
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
        title: 'Event loop late',
        doc: 'How late it comes to a timer, 99 of 100.',
        unit: 's',
        queries: { '{{pod}}': `max by (pod) (${both('nodejs_eventloop_lag_p99_seconds')})` },
      },
      {
        title: 'CPU',
        doc: 'Cores.',
        unit: 'short',
        queries: { '{{pod}}': `sum by (pod) (${rateOfBoth('process_cpu_seconds_total')})` },
      },
      {
        title: 'Memory',
        doc: 'Resident.',
        unit: 'bytes',
        queries: { '{{pod}}': `max by (pod) (${both('process_resident_memory_bytes')})` },
      },
    ],
    'Within a process': [
      {
        title: 'Heap in use',
        doc: 'Falls at each collection. A floor that rises for days is a leak.',
        unit: 'bytes',
        queries: { '{{pod}}': `max by (pod) (${both('nodejs_heap_size_used_bytes')})` },
      },
      {
        title: 'Time spent collecting garbage',
        doc: 'Share of the time.',
        unit: 'percentunit',
        queries: { '{{pod}}': `sum by (pod) (${rateOfBoth('nodejs_gc_duration_seconds_sum')})` },
      },
      {
        title: 'Open files',
        doc: 'Of what the process may have open; a socket is one.',
        unit: 'percentunit',
        queries: {
          '{{pod}}': `max by (pod) (${both('process_open_fds')}) / max by (pod) (${both('process_max_fds')})`,
        },
      },
      {
        title: 'Since the process started',
        doc: 'It falls when a pod restarts.',
        unit: 's',
        queries: { '{{pod}}': `time() - max by (pod) (${both('process_start_time_seconds')})` },
      },
    ],
    'What it carries': [
      {
        title: 'Messages stored, and events to sockets, a core',
        doc: 'For each second of CPU: how many more fit.',
        unit: 'short',
        queries: {
          'messages of chat services': `${rateBy('', 'chat_log_messages_total{$chat}')} / ${rateBy('', 'process_cpu_seconds_total{$chat}')}`,
          'events of gateways': `${rateBy('', 'chat_gateway_delivered_events_total{$gateway}')} / ${rateBy('', 'process_cpu_seconds_total{$gateway}')}`,
        },
      },
      {
        title: 'Memory a connection',
        doc: 'Of a gateway with all that it has, so it falls with more connections.',
        unit: 'bytes',
        queries: {
          '{{pod}}':
            'max by (pod) (process_resident_memory_bytes{$gateway}) / max by (pod) (chat_gateway_connections{$gateway} > 0)',
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
      {
        title: 'Builds',
        doc: 'Pods by version.',
        unit: 'short',
        queries: {
          '{{name}} {{version}}': `count by (name, version) (chat_gateway_build_info{$gateway} or chat_build_info{$chat})`,
        },
      },
    ],
    'Of Kubernetes, where it is watched': [
      {
        title: 'Disks of MongoDB and Redis',
        doc: 'Share in use, says the kubelet. A full disk of a hot shard stops sends.',
        unit: 'percentunit',
        queries: {
          '{{persistentvolumeclaim}}':
            'max by (persistentvolumeclaim) (kubelet_volume_stats_used_bytes{namespace="$namespace"}) / max by (persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes{namespace="$namespace"})',
        },
      },
      {
        title: 'Memory of its limit',
        doc: 'At 1 a container is killed.',
        unit: 'percentunit',
        queries: {
          '{{pod}}':
            'max by (pod) (container_memory_working_set_bytes{namespace="$namespace",container!=""}) / max by (pod) (kube_pod_container_resource_limits{namespace="$namespace",resource="memory"})',
        },
      },
      {
        title: 'Time that containers were held back',
        doc: 'Share of periods in which a limit of CPU did so.',
        unit: 'percentunit',
        queries: {
          '{{pod}}':
            'sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{namespace="$namespace"}[$__rate_interval])) / sum by (pod) (rate(container_cpu_cfs_periods_total{namespace="$namespace"}[$__rate_interval]))',
        },
      },
      {
        title: 'Restarts',
        doc: 'Of containers, since their pods began.',
        unit: 'short',
        queries: {
          '{{pod}}': 'sum by (pod) (kube_pod_container_status_restarts_total{namespace="$namespace"})',
        },
      },
    ],
  },
};
