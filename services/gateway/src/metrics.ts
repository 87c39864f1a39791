import type { ServerEventName } from '@parlance/proto';
import {
  createMetrics,
  declareCertificateMetrics,
  declareHealthMetrics,
  declareRedisMetrics,
  type Metrics,
} from '@parlance/runtime';
import { requestEvents, requestOutcomes } from './request-outcomes.js';

/** Server events that a room's sockets are written. */
export const roomServerEvents = [
  'newMessage',
  'messageStatusUpdate',
  'typing',
  'roomUpdated',
  'roomJoined',
  'roomLeft',
  'heads',
] as const satisfies readonly ServerEventName[];

/** Seconds; what people wait for. */
const waitBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

/** The metrics of one gateway. Labels have few values: never a room, a user or an address. */
export interface GatewayMetrics extends ReturnType<typeof declare> {}

/** Name of a server event that is for all of a room. */
export type RoomServerEvent = (typeof roomServerEvents)[number];

/** Declares every metric of the gateway in a registry of its own. */
export function createGatewayMetrics(version: string): GatewayMetrics {
  return declare(createMetrics({ name: 'gateway', version, prefix: 'chat_gateway' }));
}

function declare(metrics: Metrics) {
  return {
    registry: metrics.registry,
    health: declareHealthMetrics(metrics, [
      'chat-service',
      'redis-commands',
      'redis-subscriptions',
      'redis-loopback',
      'delivery',
    ]),
    certificates: declareCertificateMetrics(metrics, ['grpc', 'grpc-authority', 'extra-authority']),
    redis: declareRedisMetrics(metrics, ['limits', 'subscriber']),
    ...declareSockets(metrics),
    ...declareMessages(metrics),
    ...declareChatService(metrics),
    ...declareTokens(metrics),
  };
}

function declareSockets({ counter, gauge, histogram }: Metrics) {
  return {
    connections: gauge({
      name: 'chat_gateway_connections',
      doc: 'Sockets connected or in their handshake.',
    }),
    connectionsLimit: gauge({
      name: 'chat_gateway_connections_limit',
      doc: 'Sockets that this gateway takes (`MAX_CONNECTIONS`).',
    }),
    requests: counter({
      name: 'chat_gateway_requests_total',
      doc: 'Answered requests: `event` is a client event, `connect` (handshakes), `http <operation>` or `unknown`; `code` is `OK` or an error code.',
      labels: requestOutcomes,
    }),
    requestSeconds: histogram({
      name: 'chat_gateway_request_duration_seconds',
      doc: 'From the arrival of a request to its answer.',
      labels: { event: requestEvents },
      buckets: [...waitBuckets, 10],
    }),
    rateLimitRefusals: counter({
      name: 'chat_gateway_rate_limit_refusals_total',
      doc: 'Requests refused for their rate, by what was over its limit: a class of socket events of one user, handshakes or HTTP requests.',
      labels: {
        limit: [
          'sends',
          'reads',
          'receipts',
          'changes',
          'typing',
          'others',
          'handshakesOfAddress',
          'httpOfAddress',
          'httpOfUser',
        ],
      },
    }),
    socketWrites: counter({
      name: 'chat_gateway_socket_writes_total',
      doc: 'Writes to sockets: what one is sent in a turn of the event loop, events and answers, is one of them.',
    }),
    outgoingBytes: gauge({
      name: 'chat_gateway_outgoing_bytes',
      doc: 'Bytes that wait to be sent to sockets, of all together.',
    }),
    overflows: counter({
      name: 'chat_gateway_buffer_overflows_total',
      doc: 'Sockets disconnected because they read too slowly.',
    }),
    draining: gauge({
      name: 'chat_gateway_draining',
      doc: 'Whether this gateway is stopping: 1 or 0. It serves for `DRAIN_DELAY_MS` yet, and then sends its sockets away.',
    }),
    drainSocketsLeft: gauge({
      name: 'chat_gateway_drain_sockets_left',
      doc: 'Sockets that a stopping gateway still has; 0 while it does not stop.',
    }),
  };
}

function declareMessages({ counter, gauge, histogram }: Metrics) {
  return {
    rooms: gauge({ name: 'chat_gateway_rooms', doc: 'Rooms with at least one local socket.' }),
    wantedChannels: gauge({
      name: 'chat_gateway_wanted_channels',
      doc: 'Pub/sub channels that local sockets need.',
    }),
    confirmedChannels: gauge({
      name: 'chat_gateway_confirmed_channels',
      doc: 'Pub/sub channels whose subscription is confirmed.',
    }),
    subscriberHeardSeconds: gauge({
      name: 'chat_gateway_subscriber_heard_seconds',
      doc: 'Time since this gateway last heard on pub/sub what it had published itself.',
    }),
    undecodableEvents: counter({
      name: 'chat_gateway_undecodable_events_total',
      doc: 'Pub/sub payloads that are not event envelopes of a known version.',
    }),
    deliveredEvents: counter({
      name: 'chat_gateway_delivered_events_total',
      doc: 'Server events of rooms written to sockets, one count for each socket.',
      labels: { event: roomServerEvents },
    }),
    deliverySeconds: histogram({
      name: 'chat_gateway_message_delivery_seconds',
      doc: 'From the publication of a message to its writing to local sockets.',
      buckets: [...waitBuckets, 30],
    }),
    endToEndSeconds: histogram({
      name: 'chat_gateway_message_end_to_end_seconds',
      doc: 'From the arrival of a message at the chat service, which is its timestamp, to its writing to local sockets, by its event or by a pull.',
      buckets: [...waitBuckets, 10, 30, 60],
    }),
    heardMessages: counter({
      name: 'chat_gateway_heard_messages_total',
      doc: 'Messages that reached sockets by their event, one count for each message.',
    }),
    repairedMessages: counter({
      name: 'chat_gateway_repaired_messages_total',
      doc: 'Messages that reached sockets by a pull, not by their event.',
    }),
    gaps: counter({
      name: 'chat_gateway_gaps_total',
      doc: 'Jumps over missing messages: `found`, pulled and sent, or `skipped`, answered with `heads`.',
      labels: { what: ['found', 'skipped'] },
    }),
    comparedHeads: counter({
      name: 'chat_gateway_heads_compared_total',
      doc: 'Rooms whose head here was compared with that of the log.',
    }),
    headsLag: histogram({
      name: 'chat_gateway_heads_lag_messages',
      doc: 'Messages that a room whose head was compared lacked here, if it lacked any: 0 if their events came within 250 ms.',
      buckets: [0, 1, 10, 100, 1_000],
    }),
  };
}

function declareChatService({ counter, gauge, histogram }: Metrics) {
  return {
    streams: gauge({ name: 'chat_gateway_streams', doc: 'Streams to chat-service pods that take calls.' }),
    callsInFlight: gauge({
      name: 'chat_gateway_calls_in_flight',
      doc: 'Calls waiting for a result of the chat service.',
    }),
    frames: counter({
      name: 'chat_gateway_stream_frames_total',
      doc: 'Frames on the streams to the chat service, `in` or `out`.',
      labels: { direction: ['in', 'out'] },
    }),
    frameItems: histogram({
      name: 'chat_gateway_stream_frame_items',
      doc: 'Calls of a sent frame, results of a received one.',
      labels: { direction: ['in', 'out'] },
      buckets: [1, 2, 4, 8, 16, 32, 64],
    }),
    retries: counter({
      name: 'chat_gateway_call_retries_total',
      doc: 'Calls sent again because their stream broke, their pod was stopping or the store was away.',
    }),
    refusedRetries: counter({
      name: 'chat_gateway_call_retries_refused_total',
      doc: 'Calls that failed on the way and were not sent again: it might happen `twice`, it was the last of the `attempts`, no `time`, or the `budget` of retries was spent.',
      labels: { why: ['twice', 'attempts', 'time', 'budget'] },
    }),
  };
}

function declareTokens({ counter, gauge }: Metrics) {
  return {
    keysAgeSeconds: gauge({
      name: 'chat_gateway_jwks_age_seconds',
      doc: 'Time since the published signing keys were read; 0 with `JWT_SECRET`, and while they never were.',
    }),
    keysKeptUntil: gauge({
      name: 'chat_gateway_jwks_kept_until_seconds',
      doc: 'Until when the published signing keys stay good that were read last (`JWT_JWKS_KEEP_MS`), Unix seconds: then every token is refused, unless they are read again. 0 with `JWT_SECRET`, and while they never were read.',
    }),
    keysKnown: gauge({
      name: 'chat_gateway_jwks_keys',
      doc: 'Published signing keys that are known; 0 with `JWT_SECRET`.',
    }),
    keyReadings: counter({
      name: 'chat_gateway_jwks_readings_total',
      doc: 'Readings of the published signing keys by their `result`: `ok` or `failed`.',
      labels: { result: ['ok', 'failed'] },
    }),
  };
}
