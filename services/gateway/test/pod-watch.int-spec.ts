import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findKubernetes, startKubernetes, type TestKubernetes } from '@parlance/devstack';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KubernetesApi } from '../src/features/chat-service/discovery/kubernetes-api.js';
import { PodWatch } from '../src/features/chat-service/discovery/pod-watch.js';

/** All that the gateway needs to be allowed. */
const rules = [{ apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] }];
const archive = findKubernetes('pods found in Kubernetes');

describe.runIf(archive !== undefined)('the pods of a Service in a real Kubernetes', () => {
  let kubernetes: TestKubernetes;
  let folder: string;
  let api: KubernetesApi;
  const watches: PodWatch[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlance-account-'));
    kubernetes = await startKubernetes(archive ?? '');
    api = await apiOf('gateway', rules);
  }, 120_000);
  afterEach(() => {
    for (const watch of watches.splice(0)) watch.stop();
  });
  afterAll(async () => {
    await kubernetes[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('are known at once and followed, over watches that end', async () => {
    await apply(slice('chat-a', 'chat', ['10.1.0.1']), slice('other', 'other', ['10.1.0.9']));
    const told = await watched('chat', 1);
    expect(told.pods).toEqual(['10.1.0.1']);
    await apply(slice('chat-b', 'chat', ['10.1.0.2', '10.1.0.3']));
    await expect.poll(() => told.pods).toEqual(['10.1.0.1', '10.1.0.2', '10.1.0.3']);
    await expect.poll(() => told.requests, { timeout: 60_000 }).toBeGreaterThan(3);
    await kubernetes.kubectl(['delete', 'endpointslice', 'chat-b']);
    await expect.poll(() => told.pods).toEqual(['10.1.0.1']);
    expect(told.losses).toEqual([]);
  });

  it('are not known to an account that may not list them', async () => {
    api = await apiOf('nobody', []);
    const told = await watched('chat');
    expect(told).toMatchObject({ pods: undefined, losses: ['the service account may not do that (403)'] });
    api = await apiOf('gateway', rules);
  });

  it('are watched no longer when the API is away, and that is told once', async () => {
    const told = await watched('chat');
    expect(told.pods).toEqual(['10.1.0.1']);
    await kubernetes.stopApi();
    await expect.poll(() => told.requests, { timeout: 60_000 }).toBeGreaterThan(4);
    expect(told).toMatchObject({ pods: ['10.1.0.1'], losses: [expect.stringMatching(/ECONN|socket|closed|aborted/)] });
  });

  /** Begins to watch; resolves with what is told, which changes, when something is. */
  async function watched(name: string, watchSeconds?: number): Promise<Told> {
    const told: Told = { pods: undefined, losses: [], requests: 0 };
    const counting = new Proxy(api, {
      get: (target, key: 'get' | 'watch' | 'namespace') => {
        told.requests += 1;
        return target[key].bind(target);
      },
    });
    const listener = {
      onPods: (addresses: readonly string[]) => void (told.pods = addresses),
      onLost: (reason: string) => void told.losses.push(reason),
    };
    const watch = new PodWatch(counting, { name, namespace: undefined }, listener, watchSeconds);
    watches.push(watch);
    await watch.start();
    return told;
  }

  async function apply(...items: readonly object[]): Promise<void> {
    await kubernetes.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  }

  /** What a pod of this account has in its folder. */
  async function apiOf(account: string, allowed: readonly object[]): Promise<KubernetesApi> {
    const [tokenFile, authorityFile, namespaceFile] = ['token', 'ca.crt', 'namespace'].map((file) =>
      join(folder, `${account}-${file}`),
    ) as [string, string, string];
    const text = await readFile(await kubernetes.kubeconfigFor(account, allowed), 'utf8');
    const { clusters, users } = JSON.parse(text) as Kubeconfig;
    await writeFile(tokenFile, users[0].user.token);
    await writeFile(authorityFile, Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64'));
    await writeFile(namespaceFile, 'default\n');
    return new KubernetesApi({ server: clusters[0].cluster.server, tokenFile, authorityFile, namespaceFile });
  }
});

interface Told {
  pods: readonly string[] | undefined;
  readonly losses: string[];
  /** Requests to the API so far. */
  requests: number;
}

interface Kubeconfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } },
  ];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

function slice(name: string, service: string, addresses: readonly string[]) {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: 'grpc', port: 4005 }],
  };
}
