import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { inheritedEnvironment } from '../../locations.config.js';
import { type ClusterAnswer, type ClusterPlace, clusterSocket } from './offer-cluster.js';

/**
 * A new database, named by `uri`, on the sharded MongoDB that all tests of this run share; it starts with the first that asks and
 * ends with the run. Who has the database drops it. Tests that stop a server, change one's settings, switch the balancer or ask
 * whether it is on start a cluster of their own.
 * @throws Error outside a run of the repository's tests, and when the servers do not come together.
 */
export async function sharedCluster(): Promise<ClusterPlace> {
  const folder = inheritedEnvironment()['TEST_RUN_DIR'];
  if (folder === undefined) throw new Error('TEST_RUN_DIR names no test run whose sharded MongoDB could be shared');
  const told = JSON.parse(await text(connect(clusterSocket(folder)))) as ClusterAnswer;
  if ('fault' in told) throw new Error(told.fault);
  return { ...told, uri: `${told.uri}test_${randomUUID()}` };
}
