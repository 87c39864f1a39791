import { setTimeout as delay } from 'node:timers/promises';
import type { TestCluster } from '../cluster/test-cluster.js';
import { runProgram } from '../run-program.js';

/** One release in one namespace, and the questions that are asked of it. */
export class Installation {
  constructor(
    readonly cluster: TestCluster,
    readonly namespace: string,
    readonly release: string,
    /** Folder of the chart. */
    readonly chart: string,
  ) {}

  kubectl(...args: string[]): Promise<string> {
    return runProgram(this.cluster.kubectl, ['--namespace', this.namespace, ...args], { env: this.cluster.env });
  }

  /** Objects of a kind, as the API answers them. */
  async list(
    kind: string,
    selector = `app.kubernetes.io/instance=${this.release}`,
  ): Promise<readonly KubernetesObject[]> {
    const text = await this.kubectl('get', kind, '--output', 'json', ...(selector ? ['--selector', selector] : []));
    return (JSON.parse(text) as { readonly items: readonly KubernetesObject[] }).items;
  }

  helm(...args: string[]): Promise<string> {
    return runProgram(this.cluster.helm, ['--namespace', this.namespace, ...args], { env: this.cluster.env });
  }

  /** Into the namespace that the manifest names, else that of the release. */
  apply(manifest: object): Promise<string> {
    const { namespace = this.namespace } = (manifest as { readonly metadata: { readonly namespace?: string } })
      .metadata;
    const args = ['--namespace', namespace, 'apply', '--filename', '-'];
    return runProgram(this.cluster.kubectl, args, { env: this.cluster.env, input: JSON.stringify(manifest) });
  }

  /** Waits until so many pods of a selector are there and ready, and none of them is on its way out. */
  async ready(selector: string, count: number): Promise<void> {
    await this.until(`${count} pods of ${selector} are ready`, 600, async () => {
      const pods = await this.pods(selector);
      const ready = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && isReady(pod));
      return pods.length === count && ready.length === count ? undefined : `${ready.length} of ${pods.length} are`;
    });
  }

  /** Pods of the release that fit a selector. */
  pods(selector: string): Promise<readonly KubernetesObject[]> {
    return this.list('pods', `app.kubernetes.io/instance=${this.release},${selector}`);
  }

  /**
   * Looks every second until `look` answers undefined; it answers what is still missing. Rejects when the time is over, with
   * that and what the pods say of themselves.
   */
  async until(what: string, seconds: number, look: () => Promise<string | undefined>): Promise<void> {
    const endsAt = performance.now() + seconds * 1_000;
    for (;;) {
      const missing = await look();
      if (missing === undefined) return;
      if (performance.now() > endsAt) {
        const pods = await this.kubectl('get', 'pods').catch(String);
        throw new Error(`${what}: after ${seconds} s, ${missing}\n${pods}`);
      }
      await delay(1_000);
    }
  }
}

function isReady({ status }: KubernetesObject): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

/** What is read of an object. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: {
    /** Of a pod. */
    readonly phase?: string;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly succeeded?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}
