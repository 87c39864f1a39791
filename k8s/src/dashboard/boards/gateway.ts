import type { Board } from '../panel.js';
import { meanBy, outcomes, quantileBy, quantiles, rateBy } from '../queries.js';

/** What gateways do: connections, requests, messages, the way to the chat service. */
export const gateway: Board = {
  name: 'gateway',
  title: 'Parlance: gateway',
  rows: {
    Connections: [
      {
        title: 'Connections by gateway',
        doc: 'Sockets connected or in their handshake.',
        unit: 'short',
        queries: { '{{pod}}': 'max by (pod) (chat_gateway_connections{$gateway})' },
      },
      {
        title: 'Handshakes by outcome',
        doc: 'OK or the error code: UNAUTHENTICATED says that a token is wrong.',
        unit: 'reqps',
        queries: outcomes('connect'),
      },
      {
        title: 'Bytes that wait for sockets',
        doc: 'Of those who read slowly. Who lets too much lie is disconnected.',
        unit: 'bytes',
        queries: { '{{pod}}': 'max by (pod) (chat_gateway_outgoing_bytes{$gateway})' },
      },
      {
        title: 'Sockets cut off, gateways that stop',
        doc: 'Disconnected since they read too slowly; sockets that stopping gateways have yet to send away.',
        unit: 'short',
        queries: {
          'cut off a second': rateBy('', 'chat_gateway_buffer_overflows_total{$gateway}'),
          'gateways that stop': 'sum(chat_gateway_draining{$gateway})',
          'sockets to send away': 'sum(chat_gateway_drain_sockets_left{$gateway})',
        },
      },
    ],
    Requests: [
      {
        title: 'Requests by event',
        doc: 'Of sockets, and of HTTP by its operation.',
        unit: 'reqps',
        queries: { '{{event}}': `${rateBy('event', 'chat_gateway_requests_total{$gateway}')} > 0` },
      },
      {
        title: 'Requests that were refused',
        doc: 'By their code, whoever is to blame: docs/errors.md.',
        unit: 'reqps',
        queries: { '{{code}}': rateBy('code', 'chat_gateway_requests_total{$gateway,code!="OK"}') },
      },
      {
        title: 'Time of requests, 99 of 100',
        doc: 'From arrival to answer, by event.',
        unit: 's',
        queries: {
          '{{event}}': `${quantileBy(0.99, 'event', 'chat_gateway_request_duration_seconds', '$gateway')} > 0`,
        },
      },
      {
        title: 'Refused for their rate',
        doc: 'By the limit that was passed: docs/limits.md.',
        unit: 'reqps',
        queries: { '{{limit}}': rateBy('limit', 'chat_gateway_rate_limit_refusals_total{$gateway}') },
      },
    ],
    Messages: [
      {
        title: 'Events to sockets',
        doc: 'One count for each socket.',
        unit: 'reqps',
        queries: { '{{event}}': rateBy('event', 'chat_gateway_delivered_events_total{$gateway}') },
      },
      {
        title: 'Writes to sockets',
        doc: 'What a socket is sent in one turn is one write: under load there are fewer than events.',
        unit: 'reqps',
        queries: { '{{pod}}': rateBy('pod', 'chat_gateway_socket_writes_total{$gateway}') },
      },
      {
        title: 'From publication to sockets',
        doc: 'What Redis and the gateway take. Above 5 s only sweeps bring it.',
        unit: 's',
        queries: quantiles('chat_gateway_message_delivery_seconds', '$gateway'),
      },
      {
        title: 'From a send to sockets',
        doc: 'MongoDB included.',
        unit: 's',
        queries: quantiles('chat_gateway_message_end_to_end_seconds', '$gateway'),
      },
    ],
    Repair: [
      {
        title: 'Gaps and messages pulled',
        doc: 'Messages whose event did not arrive and that were pulled from the log.',
        unit: 'short',
        queries: {
          'gaps a second, {{what}}': rateBy('what', 'chat_gateway_gaps_total{$gateway}'),
          'pulled a second': rateBy('', 'chat_gateway_repaired_messages_total{$gateway}'),
          'heard a second': rateBy('', 'chat_gateway_heard_messages_total{$gateway}'),
        },
      },
      {
        title: 'Heads that were compared',
        doc: 'Rooms a second whose head was compared with the log. Many, while events of a chat service do not come.',
        unit: 'reqps',
        queries: { '{{pod}}': rateBy('pod', 'chat_gateway_heads_compared_total{$gateway}') },
      },
      {
        title: 'Messages that rooms lacked',
        doc: 'Of those rooms that lacked any when their head was compared; how many rooms a second, and how far behind they were.',
        unit: 'short',
        queries: {
          'rooms a second': rateBy('', 'chat_gateway_heads_lag_messages_count{$gateway}'),
          'messages a second': rateBy('', 'chat_gateway_heads_lag_messages_sum{$gateway}'),
        },
      },
      {
        title: 'Events that could not be read',
        doc: 'Of another version, or of somebody else.',
        unit: 'reqps',
        queries: { '{{pod}}': rateBy('pod', 'chat_gateway_undecodable_events_total{$gateway}') },
      },
    ],
    'To the chat service': [
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
          'sent again a second': rateBy('', 'chat_gateway_call_retries_total{$gateway}'),
          'given up a second, {{why}}': rateBy('why', 'chat_gateway_call_retries_refused_total{$gateway}'),
        },
      },
      {
        title: 'Frames on the streams',
        doc: 'Under load a frame takes many calls.',
        unit: 'reqps',
        queries: { '{{direction}}': rateBy('direction', 'chat_gateway_stream_frames_total{$gateway}') },
      },
      {
        title: 'Calls and results a frame',
        doc: 'The mean.',
        unit: 'short',
        queries: { '{{direction}}': meanBy('direction', 'chat_gateway_stream_frame_items', '$gateway') },
      },
    ],
    'Rooms and tokens': [
      {
        title: 'Rooms',
        doc: 'With at least one socket here.',
        unit: 'short',
        queries: { '{{pod}}': 'max by (pod) (chat_gateway_rooms{$gateway})' },
      },
      {
        title: 'Token keys',
        doc: 'How old the published keys are, and how long they are kept. All 0 with JWT_SECRET.',
        unit: 's',
        queries: {
          'age on {{pod}}': 'max by (pod) (chat_gateway_jwks_age_seconds{$gateway})',
          'time left':
            'min(chat_gateway_jwks_kept_until_seconds{$gateway} - time() > 0) or min(chat_gateway_jwks_kept_until_seconds{$gateway}) * 0',
        },
      },
      {
        title: 'Readings of the token keys',
        doc: 'And how many keys are known.',
        unit: 'short',
        queries: {
          '{{result}} a second': rateBy('result', 'chat_gateway_jwks_readings_total{$gateway}'),
          'keys known': 'min(chat_gateway_jwks_keys{$gateway})',
        },
      },
      {
        title: 'Checks that are down',
        doc: 'By check; /readyz has the reason.',
        unit: 'short',
        queries: { '{{check}}': 'sum by (check) (1 - chat_gateway_health_check_up{$gateway})' },
      },
    ],
  },
};
