import {
  createConfiguration,
  type RequestContext,
  ResponseContext,
  SelfDecodingBody,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node';
import { KubernetesApi } from '@parlance/gateway/discovery/kubernetes-api';
import { PodWatch } from '@parlance/gateway/discovery/pod-watch';
import type { ChatMonth } from '@parlance/jobs/kubernetes/chat-month';
import { ChatMonthWriter } from '@parlance/jobs/kubernetes/chat-month-writer';
import type { KubernetesClients } from '@parlance/jobs/kubernetes/connect-kubernetes';
import { StatefulPods } from '@parlance/jobs/kubernetes/stateful-pods';
import { KubernetesSecretStore } from '@parlance/jobs/secrets/kubernetes-secret-store';
import { type Right, rightsOf } from './rights-of.js';

const stored = { metadata: { name: 'chat-2026-01', uid: 'u' }, items: [] };

/** What the gateway asks of Kubernetes, by letting it ask: the pods of a Service, listed and then watched. */
export async function rightsOfGateway(namespace: string): Promise<readonly Right[]> {
  const { promise: isWatched, resolve } = Promise.withResolvers<void>();
  const rights: Right[] = [];
  class Recorder extends KubernetesApi {
    override get(path: string): Promise<unknown> {
      rights.push(...rightsOf('GET', path));
      return Promise.resolve({ metadata: { resourceVersion: '1' }, items: [] });
    }
    override async watch(path: string, signal: AbortSignal): Promise<void> {
      rights.push(...rightsOf('GET', path));
      resolve();
      await new Promise((end) => signal.addEventListener('abort', end, { once: true }));
    }
  }
  const listener = { onPods: () => {}, onLost: () => {} };
  const watch = new PodWatch(new Recorder(), { name: 'chat', namespace }, listener);
  await watch.start();
  await isWatched;
  watch.stop();
  return rights;
}

/** What jobs ask of Kubernetes while they keep the months: every method of their writer, called. */
export async function rightsOfMonths(namespace: string): Promise<readonly Right[]> {
  const { clients, rights } = recorder(namespace, () => ({ status: 200, body: stored }));
  const writer = await ChatMonthWriter.open(clients);
  const step = {
    type: 'Created',
    status: 'True',
    reason: 'Created',
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  const month = { apiVersion: 'parlance.dev/v1', kind: 'ChatMonth', ...stored, spec: {}, status: {} };
  // Only what is asked counts here; what objects hold is tested where they are made.
  await writer.written('chat');
  await writer.write(month as unknown as ChatMonth);
  await writer.tell(stored, step as unknown as Parameters<ChatMonthWriter['tell']>[1]);
  expectDriven(ChatMonthWriter, ['written', 'write', 'tell']);
  return rights;
}

/** What `jobs init-secrets` asks of Kubernetes: a Secret that is missing, then one that is there. */
export async function rightsOfSecrets(namespace: string, name: string): Promise<readonly Right[]> {
  let isThere = false;
  const { clients, rights } = recorder(namespace, () => ({
    status: isThere ? 200 : 404,
    body: { metadata: { name } },
  }));
  const store = await KubernetesSecretStore.open(clients, name);
  for (const there of [false, true]) {
    isThere = there;
    await store.read();
    isThere = true;
    await store.add(new Map([['A', 'b']]));
  }
  expectDriven(KubernetesSecretStore, ['read', 'add']);
  return rights;
}

/** What `jobs roll-mongodb` asks of Kubernetes: every method of what it goes through, called. */
export async function rightsOfRoll(namespace: string, statefulSet: string, pod: string): Promise<readonly Right[]> {
  const { clients, rights } = recorder(namespace, () => ({ status: 201, body: {} }));
  const pods = await StatefulPods.open(clients);
  // A read answers 200 and an eviction 201: to each the other is an error, after it was asked.
  await pods.statefulSet(statefulSet).catch(() => undefined);
  await pods.pod(pod).catch(() => undefined);
  await pods.evict({ name: pod, uid: 'u', revision: 'r', image: 'i', isReady: true });
  expectDriven(StatefulPods, ['statefulSet', 'pod', 'evict']);
  return rights;
}

/** Names of the methods of Kubernetes' client that were called since the process began. */
export const calledMethods = new Set<string>();

function recorder(namespace: string, answer: () => { readonly status: number; readonly body: object }) {
  const rights: Right[] = [];
  const send = (request: RequestContext): Promise<ResponseContext> => {
    rights.push(...rightsOf(request.getHttpMethod(), request.getUrl()));
    const { status, body } = answer();
    const bytes = Promise.resolve(Buffer.from(JSON.stringify(body)));
    const headers = { 'content-type': 'application/json' };
    return Promise.resolve(new ResponseContext(status, headers, new SelfDecodingBody(bytes)));
  };
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration('http://kubernetes.test', {}),
    httpApi: wrapHttpLibrary({ send }),
  });
  const clients: KubernetesClients = {
    namespace,
    client: (part) =>
      new Proxy(new part(configuration) as object, {
        get: (target, name) => {
          calledMethods.add(String(name));
          return Reflect.get(target, name) as unknown;
        },
      }) as InstanceType<typeof part>,
  };
  return { clients, rights };
}

/** A method that is added has to be called here too. */
function expectDriven(from: { readonly prototype: object; readonly name: string }, driven: readonly string[]): void {
  const methods = Object.getOwnPropertyNames(from.prototype).filter((name) => name !== 'constructor');
  if (methods.toSorted().join() !== driven.toSorted().join())
    throw new Error(`${from.name} has the methods ${methods.join(', ')}, and ${driven.join(', ')} are called here`);
}
