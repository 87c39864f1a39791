import { ChatDatabase } from '@parlance/storage';
import { MongoClient } from 'mongodb';

/** An open connection. */
export interface MongoConnection extends AsyncDisposable {
  readonly database: ChatDatabase;
}

/**
 * Connects to MongoDB; rejects when no server answers within five seconds, for whoever runs a job to see. The driver's
 * retry of writes is off, as in the services: slots are written by the rules of the log (R3: no answer is no failure).
 */
export async function connectMongo(uri: string): Promise<MongoConnection> {
  const client = await MongoClient.connect(uri, {
    appName: 'parlance-jobs',
    retryWrites: false,
    serverSelectionTimeoutMS: 5_000,
    maxPoolSize: 4,
  });
  return { database: new ChatDatabase(client.db()), [Symbol.asyncDispose]: () => client.close() };
}
