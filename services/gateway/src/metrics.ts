import { createMetrics } from '@parlance/runtime';

const gaugeDocs = {
  connections: 'Sockets connected or in their handshake.',
  jwks_age_seconds: 'Time since the published signing keys were read; 0 with `JWT_SECRET`, and while they never were.',
  rooms: 'Rooms with at least one local socket.',
  wanted_channels: 'Pub/sub channels that local sockets need.',
  confirmed_channels: 'Pub/sub channels whose subscription is confirmed.',
  streams: 'Streams to chat-service pods that take calls.',
  calls_in_flight: 'Calls waiting for a result of the chat service.',
} as const;

const gaugeNames = Object.keys(gaugeDocs) as GaugeName[];

/** Declares every metric of the gateway. Labels have few values: never a room, a user or an address. */
export function createGatewayMetrics(version: string) {
  const metrics = createMetrics({ name: 'gateway', version, prefix: 'chat_gateway' });
  const sources: Partial<Record<GaugeName, () => number>> = {};
  for (const name of gaugeNames) {
    metrics.gauge({ name: `chat_gateway_${name}`, doc: gaugeDocs[name], read: () => sources[name]?.() ?? 0 });
  }
  return {
    registry: metrics.registry,
    /** Says where gauges get their value at each scrape; until then they are 0. */
    watch: (added: Partial<Record<GaugeName, () => number>>): void => void Object.assign(sources, added),
    requests: metrics.counter({
      name: 'chat_gateway_requests_total',
      doc: 'Answered requests: `event` is a client event, `connect` (handshakes), `http <operation>` or `unknown`; `code` is `OK` or an error code.',
      labels: ['event', 'code'],
    }),
    requestSeconds: metrics.histogram({
      name: 'chat_gateway_request_duration_seconds',
      doc: 'From the arrival of a request to its answer.',
      labels: ['event'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    }),
    deliveredEvents: metrics.counter({
      name: 'chat_gateway_delivered_events_total',
      doc: 'Server events written to sockets, one count for each socket.',
      labels: ['event'],
    }),
    socketWrites: metrics.counter({
      name: 'chat_gateway_socket_writes_total',
      doc: 'Writes to sockets: what one is sent in a turn of the event loop, events and answers, is one of them.',
    }),
    deliverySeconds: metrics.histogram({
      name: 'chat_gateway_message_delivery_seconds',
      doc: 'From the publication of a message to its writing to local sockets.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30],
    }),
    keyReadings: metrics.counter({
      name: 'chat_gateway_jwks_readings_total',
      doc: 'Readings of the published signing keys by their `result`: `ok` or `failed`.',
      labels: ['result'],
    }),
    undecodableEvents: metrics.counter({
      name: 'chat_gateway_undecodable_events_total',
      doc: 'Pub/sub payloads that are not event envelopes of a known version.',
    }),
    gaps: metrics.counter({
      name: 'chat_gateway_gaps_total',
      doc: 'Jumps over missing messages: `found`, pulled and sent, or `skipped`, answered with `heads`.',
      labels: ['what'],
    }),
    repairedMessages: metrics.counter({
      name: 'chat_gateway_repaired_messages_total',
      doc: 'Messages that reached sockets by a pull, not by their event.',
    }),
    overflows: metrics.counter({
      name: 'chat_gateway_buffer_overflows_total',
      doc: 'Sockets disconnected because they read too slowly.',
    }),
    frames: metrics.counter({
      name: 'chat_gateway_stream_frames_total',
      doc: 'Frames on the streams to the chat service, `in` or `out`.',
      labels: ['direction'],
    }),
    frameItems: metrics.histogram({
      name: 'chat_gateway_stream_frame_items',
      doc: 'Calls of a sent frame, results of a received one.',
      labels: ['direction'],
      buckets: [1, 2, 4, 8, 16, 32, 64],
    }),
    retries: metrics.counter({
      name: 'chat_gateway_call_retries_total',
      doc: 'Calls sent again because their stream broke, their pod was stopping or the store was away.',
    }),
    refusedRetries: metrics.counter({
      name: 'chat_gateway_call_retries_refused_total',
      doc: 'Calls that failed on the way and were not sent again: it might happen `twice`, it was the last of the `attempts`, no `time`, or the `budget` of retries was spent.',
      labels: ['why'],
    }),
  };
}

/** The metrics of one gateway. */
export type GatewayMetrics = ReturnType<typeof createGatewayMetrics>;

type GaugeName = keyof typeof gaugeDocs;
