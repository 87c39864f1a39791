import { existsSync } from 'node:fs';
import type { AgentOptions } from 'node:https';
import { delimiter } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Configuration, KubeConfig, PromiseConfigurationOptions, RequestContext } from '@kubernetes/client-node';

const bounded: Middleware = {
  pre(request) {
    request.setSignal(AbortSignal.timeout(requestMs));
    // Server-side apply: what is left out and was ours is taken away. JSON is YAML.
    if (request.getHttpMethod() === 'PATCH') request.setHeaderParam('Content-Type', 'application/apply-patch+yaml');
    return Promise.resolve(request);
  },
  post: (response) => Promise.resolve(response),
};

/** How long one request may take, milliseconds; the client itself would wait for ever. */
const requestMs = 3_000;

/** Kubernetes mounts it into every pod that has a service account. */
const tokenFile = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Whether this process runs in a pod that may speak to the API. */
export function isInCluster(): boolean {
  return existsSync(tokenFile);
}

/** Where the API is. */
export interface KubernetesOptions {
  /** Paths as in `KUBECONFIG`; undefined for the pod's service account. */
  readonly kubeconfig: string | undefined;
  /** Undefined for that of the pod or kubeconfig. */
  readonly namespace: string | undefined;
}

/** Clients of the API. */
export interface KubernetesClients {
  readonly namespace: string;
  /** Makes a client of one part of the API. Every request of it ends within three seconds; patches are applied. */
  client<Api>(part: new (configuration: Configuration) => Api): Api;
}

/**
 * The way to the Kubernetes API by the files that are named, else as the pod's service account. What lies in a home folder
 * is not looked at: a job on somebody's machine does not write into the cluster they used last. Asks for nothing yet.
 * Rejects when the files cannot be read.
 */
export async function connectKubernetes({ kubeconfig, namespace }: KubernetesOptions): Promise<KubernetesClients> {
  // 20 MB and a quarter of a second that nobody else should pay.
  const { KubeConfig, ServerConfiguration, createConfiguration } = await import('@kubernetes/client-node');
  class BoundedKubeConfig extends KubeConfig {
    /** Those of the newest request: their files are read each time, and may have changed. */
    private certificates: AgentOptions = {};
    private kept: { readonly certificates: AgentOptions; readonly dispatcher: Dispatcher } | undefined;

    /**
     * Keeps connections; the client itself would make one for each request. Where requests overlap, only the setter knows that
     * `certificates` are those of its dispatcher.
     */
    override async applySecurityAuthentication(request: RequestContext): Promise<void> {
      const use = request.setDispatcher.bind(request);
      request.setDispatcher = (dispatcher) => {
        const { certificates } = this;
        if (!this.kept || !isDeepStrictEqual(this.kept.certificates, certificates))
          this.kept = { certificates, dispatcher };
        use(this.kept.dispatcher);
      };
      await super.applySecurityAuthentication(request);
    }

    /** A connection that is not accepted would keep the process alive for ten seconds more. */
    override createDispatcherOptions(...given: Parameters<KubeConfig['createDispatcherOptions']>) {
      const [, { ca, cert, key }] = given;
      this.certificates = { ca, cert, key };
      const options = super.createDispatcherOptions(...given);
      return 'connect' in options ? { ...options, connect: { ...options.connect, timeout: requestMs } } : options;
    }
  }
  const settings = new BoundedKubeConfig();
  if (kubeconfig === undefined) settings.loadFromCluster();
  else readFiles(settings, kubeconfig.split(delimiter).filter(Boolean), () => new KubeConfig());
  const server = settings.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('KUBECONFIG names no cluster');
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: settings },
    promiseMiddleware: [bounded],
  });
  const own = settings.getContextObject(settings.getCurrentContext())?.namespace;
  return { namespace: namespace ?? own ?? 'default', client: (part) => new part(configuration) };
}

type Dispatcher = Parameters<RequestContext['setDispatcher']>[0];

type Middleware = NonNullable<PromiseConfigurationOptions['middleware']>[number];

function readFiles(settings: KubeConfig, [first = '', ...others]: readonly string[], make: () => KubeConfig): void {
  settings.loadFromFile(first);
  for (const file of others) {
    const more = make();
    more.loadFromFile(file);
    settings.mergeConfig(more);
  }
}
