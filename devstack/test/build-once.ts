import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describeServers } from '../src/describe-servers.js';

/** Builds the package, for child processes run its JavaScript, and says which real servers the tests use. */
export default async function buildOnce(): Promise<void> {
  const root = join(import.meta.dirname, '..', '..');
  execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-b', 'devstack'], { cwd: root, stdio: 'inherit' });
  process.stdout.write(`devstack tests use ${(await describeServers()).text}\n`);
}
