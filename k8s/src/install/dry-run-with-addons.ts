import { join } from 'node:path';
import type { TestCluster } from './cluster/test-cluster.js';
import { Installation } from './release/installation.js';
import { runProgram } from './run-program.js';

/** Kinds that Kubernetes does not bring along. */
const addons = /^\w+\.(?:gateway\.networking\.k8s\.io|monitoring\.coreos\.com|keda\.sh)\//;

/**
 * Lets the API server look at everything that the chart renders with routes, scaling and monitoring of others, against their CRDs; nothing is
 * made of it but an empty namespace. Answers what was looked at, for people. Rejects when the server refuses an object.
 */
export async function dryRunWithAddons(cluster: TestCluster, chart: string): Promise<string> {
  const installation = new Installation(cluster, 'addons', 'addons', chart);
  await installation.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: installation.namespace } });
  const values = join(chart, 'ci/addons-values.yaml');
  // Sticky sessions are a field of the Gateway API's experimental channel; the CRDs here are those of the standard one.
  const without = ['--set', 'gatewayApi.sessionPersistence=false', '--set', 'gateway.config.TRANSPORTS={websocket}'];
  const input = await installation.helm('template', installation.release, chart, '--values', values, ...without);
  const args = 'apply --server-side --dry-run=server --output name --filename -'.split(' ');
  const said = await runProgram(cluster.kubectl, ['--namespace', installation.namespace, ...args], {
    env: cluster.env,
    input,
  });
  const names = said.trim().split('\n');
  const foreign = names.filter((name) => addons.test(name));
  if (foreign.length < 4) throw new Error(`of the add-ons only ${foreign.join(', ')} were looked at`);
  return `${names.length} objects, among them ${foreign.join(', ')}`;
}
