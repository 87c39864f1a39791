import { type CallName, calls } from '@parlance/proto/operations';
import {
  createMetrics,
  declareCertificateMetrics,
  declareHealthMetrics,
  declareRedisMetrics,
  type Metrics,
} from '@parlance/runtime';
import { callOutcomes } from './call-outcomes.js';
import { declareMonthMetrics } from './month-metrics.js';

/** Seconds; what people wait for. */
const waitBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Commands of MongoDB that are counted by name; `other` are all the others. */
export const mongoCommands = [
  'aggregate',
  'delete',
  'find',
  'findAndModify',
  'getMore',
  'insert',
  'update',
  'other',
] as const;

/** Name of a command that is counted. */
export type MongoCommand = (typeof mongoCommands)[number];

/** Everything this process measures. No metric carries a room or user. */
export interface ChatMetrics extends ReturnType<typeof declare> {}

/** Declares the chat service's metrics in a registry of their own. */
export function createChatMetrics(version: string): ChatMetrics {
  return declare(createMetrics({ name: 'chat-service', version, prefix: 'chat' }));
}

function declare(metrics: Metrics) {
  return {
    registry: metrics.registry,
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
    redis: declareRedisMetrics(metrics, ['commands']),
    ...declareCalls(metrics),
    ...declareLog(metrics),
    ...declareReads(metrics),
    ...declareEvents(metrics),
    ...declareMongo(metrics),
    ...declareMonths(metrics),
    ...declareMonthMetrics(metrics),
  };
}

function declareCalls({ counter, gauge, histogram }: Metrics) {
  return {
    calls: counter({
      name: 'chat_grpc_calls_total',
      doc: 'Calls answered; `code` is `OK` or an error code, `operation` is `any` where the service credential was refused.',
      labels: callOutcomes,
    }),
    callSeconds: histogram({
      name: 'chat_grpc_call_seconds',
      doc: 'From the arrival of a call to its answer, whatever that is.',
      labels: { operation: Object.keys(calls) as CallName[] },
      buckets: waitBuckets,
    }),
    callsInFlight: gauge({ name: 'chat_calls_in_flight', doc: 'Calls that are not answered yet.' }),
    streams: gauge({ name: 'chat_streams', doc: 'Streams of gateways that are open.' }),
    streamBytes: gauge({
      name: 'chat_stream_waiting_bytes',
      doc: 'Bytes of results that gateways have not taken yet, of all streams together.',
    }),
    answersCut: counter({
      name: 'chat_answers_cut_total',
      doc: 'Answers that ended early by their bytes, so that there was to be asked for more: pages of `messages`, lists of `rooms`.',
      labels: { answer: ['messages', 'rooms'] },
    }),
  };
}

function declareLog({ counter, histogram }: Metrics) {
  return {
    messagesStored: counter({
      name: 'chat_log_messages_total',
      doc: 'Messages committed by this pod; its rate is messages per second.',
    }),
    sendDuration: histogram({
      name: 'chat_log_send_seconds',
      doc: 'From the arrival of a send to its majority commit.',
      buckets: waitBuckets,
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
    duplicateSends: counter({
      name: 'chat_log_duplicate_sends_total',
      doc: 'Sends that were answered with the message which an earlier one with the same client id had stored.',
    }),
  };
}

function declareReads({ counter, gauge, histogram }: Metrics) {
  return {
    cacheReads: counter({
      name: 'chat_cache_reads_total',
      doc: 'Reads of the message cache in Redis: `hit`, or `miss`, which MongoDB answers.',
      labels: { result: ['hit', 'miss'] },
    }),
    memoryReads: counter({
      name: 'chat_memory_reads_total',
      doc: 'Reads that this process can answer from what it has read a moment ago: of `messages`, `ends` of logs, `marks` of a room, parts of the `archive`. A `miss` of messages asks the cache in Redis, one of the archive its store, the others MongoDB.',
      labels: { of: ['messages', 'ends', 'marks', 'archive'], result: ['hit', 'miss'] },
    }),
    archiveReads: counter({
      name: 'chat_archive_reads_total',
      doc: 'Reads of archived months: `ok`, or why one failed. `damaged` and `missing` need somebody to look (`jobs scrub-archive`).',
      labels: { result: ['ok', 'broken', 'unavailable', 'damaged', 'missing', 'exists', 'full', 'noKey', 'misused'] },
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
  };
}

function declareEvents({ counter, gauge }: Metrics) {
  return {
    eventsPublished: counter({ name: 'chat_events_published_total', doc: 'Events written to Redis pub/sub.' }),
    redisWriteErrors: counter({
      name: 'chat_redis_write_errors_total',
      doc: 'Cache and event commands that Redis did not take; the log is not affected.',
    }),
    writesInFlight: gauge({
      name: 'chat_redis_writes_in_flight',
      doc: 'Writes of caches and events that Redis has not answered yet; each is all that one step tells of.',
    }),
    oldestWrite: gauge({
      name: 'chat_redis_oldest_write_seconds',
      doc: 'How long the oldest of these waits for its answer; 0 without any.',
    }),
  };
}

function declareMongo({ counter, gauge, histogram }: Metrics) {
  return {
    mongoConnections: gauge({
      name: 'chat_mongo_connections',
      doc: 'Connections to MongoDB by what they are: `available`, `in_use` by a command, or `pending`, being made.',
      labels: { state: ['available', 'in_use', 'pending'] },
    }),
    mongoWaiting: gauge({
      name: 'chat_mongo_waiting_commands',
      doc: 'Commands that wait for a connection; above 0 for long, there are too few.',
    }),
    mongoCheckout: histogram({
      name: 'chat_mongo_checkout_seconds',
      doc: 'How long a command waited for a connection, of those that got one.',
      buckets: [0.001, 0.01, 0.1, 1, 3],
    }),
    mongoCommands: counter({
      name: 'chat_mongo_commands_total',
      doc: 'Commands to MongoDB. `duplicate`: refused by a unique index, as is expected; an insert of messages that lost a slot is `ok`. `unavailable`: no connection, a time-out, an election, no majority. `failed`: anything else.',
      labels: { command: mongoCommands, result: ['ok', 'duplicate', 'unavailable', 'failed'] },
    }),
    mongoCommandSeconds: histogram({
      name: 'chat_mongo_command_seconds',
      doc: 'From asking for a connection to the answer of MongoDB, whatever that is.',
      labels: { command: mongoCommands },
      buckets: waitBuckets,
    }),
    mongoKilledReads: counter({
      name: 'chat_mongo_killed_reads_total',
      doc: 'Reads that the server ended before they had all: cursors that are gone, plans whose range has moved away, interruptions. Whoever waits for one has it tried again.',
    }),
  };
}

function declareMonths({ counter, gauge }: Metrics) {
  return {
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
