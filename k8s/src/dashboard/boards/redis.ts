import type { Board } from '../panel.js';
import { rateBy } from '../queries.js';

/** Redis as gateways and chat services have it: no exporter is needed. */
export const redis: Board = {
  name: 'redis',
  title: 'Parlance: Redis',
  rows: {
    Connections: [
      {
        title: 'Pods whose connection is down',
        doc: 'By what it is for. Sends and history do without; messages come late.',
        unit: 'short',
        queries: {
          '{{job}}: {{connection}}':
            'sum by (job, connection) (1 - (chat_gateway_redis_connection_up{$gateway} or chat_redis_connection_up{$chat}))',
        },
      },
      {
        title: 'Pods with a check of Redis that is down',
        doc: 'On most pods: Redis. On one: its way there.',
        unit: 'short',
        queries: {
          '{{job}}: {{check}}':
            'sum by (job, check) (1 - (chat_gateway_health_check_up{$gateway,check=~"redis-.+"} or chat_health_check_up{$chat,check=~"redis-.+"}))',
        },
      },
      {
        title: 'Connections that came back',
        doc: 'A second. Again and again: an address that changes, a server that restarts.',
        unit: 'short',
        queries: {
          '{{job}}: {{connection}}': `sum by (job, connection) (rate(chat_gateway_redis_reconnections_total{$gateway}[$__rate_interval]) or rate(chat_redis_reconnections_total{$chat}[$__rate_interval]))`,
        },
      },
      {
        title: 'Commands in flight',
        doc: 'That Redis has not answered yet.',
        unit: 'short',
        queries: {
          '{{pod}}':
            'max by (pod) (chat_gateway_redis_commands_in_flight{$gateway} or chat_redis_commands_in_flight{$chat})',
        },
      },
    ],
    'What is published': [
      {
        title: 'Events published a second',
        doc: 'By chat service.',
        unit: 'short',
        queries: { '{{pod}}': rateBy('pod', 'chat_events_published_total{$chat}') },
      },
      {
        title: 'Commands that were not taken',
        doc: 'Events and cache entries. The log does not need them; gateways pull what was in them.',
        unit: 'short',
        queries: { '{{pod}}': rateBy('pod', 'chat_redis_write_errors_total{$chat}') },
      },
      {
        title: 'Writes that wait',
        doc: 'Of caches and events that Redis has not answered yet.',
        unit: 'short',
        queries: { '{{pod}}': 'max by (pod) (chat_redis_writes_in_flight{$chat})' },
      },
      {
        title: 'The oldest of these',
        doc: 'How long it waits. Messages come that late.',
        unit: 's',
        queries: { '{{pod}}': 'max by (pod) (chat_redis_oldest_write_seconds{$chat})' },
      },
    ],
    'What is heard': [
      {
        title: 'Channels that gateways need',
        doc: 'One for each room and user that is here.',
        unit: 'short',
        queries: { '{{pod}}': 'max by (pod) (chat_gateway_wanted_channels{$gateway})' },
      },
      {
        title: 'Channels not confirmed',
        doc: 'Messages of these rooms come by sweeps.',
        unit: 'short',
        queries: {
          '{{pod}}':
            'sum by (pod) (chat_gateway_wanted_channels{$gateway} - chat_gateway_confirmed_channels{$gateway})',
        },
      },
      {
        title: 'Since a gateway heard itself',
        doc: 'What it publishes to itself comes back at least every 15 s.',
        unit: 's',
        queries: { '{{pod}}': 'max by (pod) (chat_gateway_subscriber_heard_seconds{$gateway})' },
      },
      {
        title: 'Events that could not be read',
        doc: 'Of another version, or of somebody else who uses this Redis.',
        unit: 'short',
        queries: { '{{pod}}': rateBy('pod', 'chat_gateway_undecodable_events_total{$gateway}') },
      },
    ],
  },
};
