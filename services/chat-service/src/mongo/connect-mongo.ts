import { type Logger, waitFor } from '@parlance/runtime';
import { ChatDatabase, commandTimeout } from '@parlance/storage';
import type { Db, MongoClient, MongoClientOptions } from 'mongodb';
import mongoose, { type Connection } from 'mongoose';
import { checkPoolsRarely } from './rare-pool-checks.js';

/** An open connection and the collections on it. */
export interface MongoConnection {
  readonly database: ChatDatabase;
  readonly client: MongoClient;
  /** Rejects when no primary answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Settings of the driver that tests and tracing change. */
export type MongoConnectionOptions = Pick<MongoClientOptions, 'monitorCommands'>;

/**
 * Connects to MongoDB, waiting for it as long as it takes and saying so. Writes are retried by the log's own rules (R3:
 * no answer is no failure; R4: a taken slot is read at majority), so the driver's retry is off; server selection gives
 * up after three seconds, within a caller's deadline.
 */
export async function connectMongo(
  uri: string,
  logger: Logger,
  signal: AbortSignal,
  options: MongoConnectionOptions = {},
): Promise<MongoConnection> {
  const connection = await waitFor(
    `MongoDB at ${hostsOf(uri)}`,
    () =>
      mongoose
        .createConnection(uri, {
          appName: 'parlance-chat-service',
          autoCreate: false,
          autoIndex: false,
          retryWrites: false,
          serverSelectionTimeoutMS: 3_000,
          socketTimeoutMS: 10_000,
          connectTimeoutMS: 5_000,
          waitQueueTimeoutMS: 3_000,
          heartbeatFrequencyMS: 2_000,
          maxPoolSize: 50,
          minPoolSize: 4,
          ...options,
        })
        .asPromise(),
    { logger, signal },
  );
  checkPoolsRarely(connection.getClient());
  const database = new ChatDatabase(nativeDatabase(connection));
  return {
    database,
    client: connection.getClient(),
    ping: async () => {
      await database.db.command({ ping: 1 }, commandTimeout(0));
    },
    close: () => connection.close(),
  };
}

function nativeDatabase(connection: Connection): Db {
  if (!connection.db) throw new Error('an open connection has its database');
  return connection.db;
}

/** The hosts of a connection string, without credentials. */
function hostsOf(uri: string): string {
  return /^[^:]+:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri)?.[1] ?? 'an unreadable address';
}
