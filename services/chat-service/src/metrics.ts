import { createMetrics, declareCertificateMetrics, declareHealthMetrics, type Metrics } from '@parlance/runtime';
import { callOutcomes } from './call-outcomes.js';
import { declareMonthMetrics } from './month-metrics.js';

/** Everything this process measures. No metric carries a room or user. */
export interface ChatMetrics extends ReturnType<typeof declare> {}

/** Declares the chat service's metrics in a registry of their own. */
export function createChatMetrics(version: string): ChatMetrics {
  return declare(createMetrics({ name: 'chat-service', version, prefix: 'chat' }));
}

function declare(metrics: Metrics) {
  const { registry, counter, gauge, histogram } = metrics;
  return {
    registry,
    health: declareHealthMetrics(metrics, [
      'mongodb',
      'mongodb-majority',
      'redis-commands',
      'redis-publishing',
      'clock',
      'month',
    ]),
    certificates: declareCertificateMetrics(metrics, [
      'grpc',
      'grpc-authority',
      'mongodb',
      'mongodb-authority',
      'extra-authority',
    ]),
    ...declareMonthMetrics({ gauge }),
    messagesStored: counter({
      name: 'chat_log_messages_total',
      doc: 'Messages committed by this pod; its rate is messages per second.',
    }),
    sendDuration: histogram({
      name: 'chat_log_send_seconds',
      doc: 'From the arrival of a send to its majority commit.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    }),
    insertBatch: histogram({
      name: 'chat_log_insert_batch_messages',
      doc: 'Messages in one insert command (database write batch size).',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    }),
    retries: counter({
      name: 'chat_log_retries_total',
      doc: 'Pauses before a room tries again: an unknown outcome, no store, a slot lost twice in a row.',
    }),
    cacheReads: counter({
      name: 'chat_cache_reads_total',
      doc: 'Reads of the message cache in Redis: `hit`, or `miss`, which MongoDB answers.',
      labels: { result: ['hit', 'miss'] },
    }),
    archiveReads: counter({
      name: 'chat_archive_reads_total',
      doc: 'Reads of archived months: `ok`, or why one failed. `damaged` and `missing` need somebody to look (`jobs scrub-archive`).',
      labels: { result: ['ok', 'broken', 'unavailable', 'damaged', 'missing', 'exists', 'full', 'noKey', 'misused'] },
    }),
    eventsPublished: counter({ name: 'chat_events_published_total', doc: 'Events written to Redis pub/sub.' }),
    redisWriteErrors: counter({
      name: 'chat_redis_write_errors_total',
      doc: 'Cache and event commands that Redis did not take; the log is not affected.',
    }),
    offlineBacklog: histogram({
      name: 'chat_offline_backlog_messages',
      doc: "Messages past a user's delivered mark when the user connects (offline message queue depth).",
      buckets: [0, 1, 10, 100, 1_000, 10_000],
    }),
    offlineQueue: gauge({
      name: 'chat_offline_queue_messages',
      doc: 'Messages that wait for absent users, by the pointers that this pod has put since its start and not removed.',
    }),
    calls: counter({
      name: 'chat_grpc_calls_total',
      doc: 'Calls answered; `code` is `OK` or an error code, `operation` is `any` where the service credential was refused.',
      labels: callOutcomes,
    }),
    clockSkew: gauge({
      name: 'chat_storage_clock_skew_seconds',
      doc: "This pod's clock less that of MongoDB, at the last measurement; beyond 2 either way the pod is not ready.",
    }),
    monthRefusals: counter({
      name: 'chat_months_refusals_total',
      doc: 'Times that a room could not be created, or go on in a new month, since that month is not open for messages.',
    }),
    missingMonths: gauge({
      name: 'chat_months_missing',
      doc: 'Months among this and the next that are not open for messages; above 0 sends will fail.',
    }),
  };
}
