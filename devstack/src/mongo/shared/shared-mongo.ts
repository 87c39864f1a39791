import { MongoClient } from 'mongodb';
import type { MongoServers } from '../start-mongo.js';
import { testDatabase } from './test-database.js';

/**
 * For tests that need no MongoDB of their own: a new database on the one that tests of this process share, which `uri` names. It has no
 * members that a test could stop; `stop` and `kill` drop the database.
 */
export async function sharedMongo(): Promise<Omit<MongoServers, 'version'>> {
  const uri = await testDatabase();
  const drop = async (): Promise<void> => {
    await using client = await MongoClient.connect(uri);
    await client.db().dropDatabase();
  };
  return {
    uri,
    nodes: [],
    primary: () => Promise.reject(new Error('a MongoDB that tests share has no member for one of them')),
    stop: drop,
    kill: drop,
  };
}
