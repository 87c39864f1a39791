import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '@parlance/runtime';
import type { KubernetesApi } from './kubernetes-api.js';
import { ReadyEndpoints } from './ready-endpoints.js';

const retryPause = { firstMs: 250, capMs: 15_000 };

/**
 * Knows the pods of one Service within the moment that Kubernetes does: lists its EndpointSlices and watches them from
 * there. A watch is renewed every minute, since a connection that died silently would tell nothing for ever. When the API
 * cannot be asked it says so once, and tries again with a growing jittered pause.
 */
export class PodWatch {
  private readonly stopping = new AbortController();
  private readonly endpoints = new ReadyEndpoints();
  private isLost = false;

  constructor(
    private readonly api: KubernetesApi,
    private readonly service: KubernetesService,
    private readonly listener: PodWatchListener,
    private readonly watchSeconds = 60,
  ) {}

  /** Begins; resolves when the pods are known or the API could not be asked for them. Never rejects. */
  start(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    void this.run(resolve);
    return promise;
  }

  stop(): void {
    this.stopping.abort();
  }

  private async run(answered: () => void): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.follow(() => {
          failures = 0;
          answered();
        });
      } catch (thrown) {
        if (signal.aborted) return;
        failures += 1;
        if (!this.isLost) this.listener.onLost(thrown instanceof Error ? thrown.message : String(thrown));
        this.isLost = true;
        answered();
        await delay(backoffMs(failures, retryPause), undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  /** Lists, then watches until what is known is too old. Throws when the API cannot be asked. */
  private async follow(listed: () => void): Promise<void> {
    const { signal } = this.stopping;
    const namespace = this.service.namespace ?? (await this.api.namespace());
    const selector = encodeURIComponent(`kubernetes.io/service-name=${this.service.name}`);
    const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`;
    let version: string | undefined = this.endpoints.replace(await this.api.get(path, signal));
    this.isLost = false;
    this.tell();
    listed();
    while (version !== undefined && !signal.aborted) version = await this.watchOnce(path, version);
  }

  /** Follows changes for a minute; returns up to where they are known, or undefined when that is too old to go on from. */
  private async watchOnce(path: string, from: string): Promise<string | undefined> {
    let version: string | undefined = from;
    const query = `&watch=true&allowWatchBookmarks=true&timeoutSeconds=${this.watchSeconds}&resourceVersion=${from}`;
    const bounded = AbortSignal.any([this.stopping.signal, AbortSignal.timeout((this.watchSeconds + 5) * 1_000)]);
    await this.api.watch(`${path}${query}`, bounded, (change) => {
      if (version === undefined) return;
      version = this.endpoints.apply(change);
      this.tell();
    });
    return version;
  }

  private tell(): void {
    this.listener.onPods(this.endpoints.addresses);
  }
}

/** Whose pods. */
export interface KubernetesService {
  readonly name: string;
  /** Undefined: the one of this pod. */
  readonly namespace: string | undefined;
}

/** Who wants to know of pods. */
export interface PodWatchListener {
  /** All IP addresses of pods that take calls, sorted; after every change, and often without one. */
  onPods(addresses: readonly string[]): void;
  /** From now on changes are not seen, until `onPods`. */
  onLost(reason: string): void;
}
