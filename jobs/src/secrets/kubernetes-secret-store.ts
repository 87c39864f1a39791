import type { CoreV1Api, V1Secret } from '@kubernetes/client-node';
import { JobFailed } from '../job-failed.js';
import type { KubernetesClients } from '../kubernetes/connect-kubernetes.js';
import { kubernetesReason, statusOf } from '../kubernetes/kubernetes-reason.js';
import type { SecretStore, StoredSecrets } from './secret-store.js';

const labels = { 'app.kubernetes.io/managed-by': 'parlance-jobs', 'app.kubernetes.io/part-of': 'parlance' };

/** Secrets as the keys of one Kubernetes Secret, which pods take with `envFrom`. */
export class KubernetesSecretStore implements SecretStore {
  readonly where: string;
  /** As it was read, for the write that says what it expects. */
  private secret: V1Secret | undefined;

  private constructor(
    private readonly namespace: string,
    private readonly name: string,
    private readonly api: CoreV1Api,
  ) {
    this.where = `Secret ${namespace}/${name}`;
  }

  static async open({ namespace, client }: KubernetesClients, name: string): Promise<KubernetesSecretStore> {
    const { CoreV1Api } = await import('@kubernetes/client-node');
    return new KubernetesSecretStore(namespace, name, client(CoreV1Api));
  }

  async read(): Promise<StoredSecrets> {
    this.secret = await askOf(this.where, { 404: undefined }, () =>
      this.api.readNamespacedSecret({ namespace: this.namespace, name: this.name }),
    );
    const data = Object.entries(this.secret?.data ?? {});
    const values = data.map(([name, value]) => [name, Buffer.from(value, 'base64').toString()] as const);
    const version = this.secret?.metadata?.resourceVersion;
    return { values: new Map(values), isImmutable: this.secret?.immutable === true, version };
  }

  async add(values: ReadonlyMap<string, string>): Promise<boolean> {
    const added = [...values].map(([name, value]) => [name, Buffer.from(value).toString('base64')] as const);
    const data = { ...Object.fromEntries(added), ...this.secret?.data };
    const { namespace, name } = this;
    const written = await askOf(this.where, { 409: undefined }, () =>
      this.secret
        ? // With the version that was read: a Secret that was changed since answers 409.
          this.api.replaceNamespacedSecret({ namespace, name, body: Object.assign(this.secret, { data }) })
        : this.api.createNamespacedSecret({ namespace, body: { metadata: { name, labels }, type: 'Opaque', data } }),
    );
    return written !== undefined;
  }
}

async function askOf<Answer>(
  where: string,
  expected: Readonly<Record<number, undefined>>,
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    const status = statusOf(thrown);
    if (status !== undefined && status in expected) return undefined;
    throw new JobFailed(`Kubernetes did not take it for ${where}: ${kubernetesReason(thrown)}`);
  }
}
