import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inheritedEnvironment } from '../../locations.config.js';
import { startMongo } from '../start-mongo.js';

let shared: Promise<string> | undefined;

/**
 * A new database, by its URI, on the MongoDB that all tests of this process share. The server knows fail points, starts with the first
 * test that asks, and ends with the process; its data lie in `TEST_RUN_DIR`, which whoever runs the tests removes. `TEST_MONGO_URI`
 * names a running one instead. Who has the database drops it. Tests that stop a server or look at all of it start their own.
 */
export async function testDatabase(): Promise<string> {
  const uri = inheritedEnvironment()['TEST_MONGO_URI'] ?? (await (shared ??= startShared()));
  return uri.replace('/?', `/test_${randomUUID()}?`);
}

async function startShared(): Promise<string> {
  const dataDir = await mkdtemp(join(inheritedEnvironment()['TEST_RUN_DIR'] ?? tmpdir(), 'parlance-shared-'));
  const { uri } = await startMongo({ replicas: 1, dataDir, setParameters: { enableTestCommands: 1 } });
  return uri;
}
