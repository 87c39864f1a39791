import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { CustomObjectsApi, EventsV1Api } from '@kubernetes/client-node';
import { type ChatMonth, type ChatMonthCondition, type ChatMonthStatus, chatMonthApi } from './chat-month.js';
import { type KubernetesClients } from './connect-kubernetes.js';
import { statusOf } from './kubernetes-reason.js';

/** Stands for the jobs in `managedFields` and in Events. */
const manager = 'parlance-jobs';

/** Writes months into the Kubernetes API. Every call rejects when the API does not take it or is silent for three seconds. */
export class ChatMonthWriter {
  private constructor(
    private readonly namespace: string,
    private readonly objects: CustomObjectsApi,
    private readonly events: EventsV1Api,
    private readonly microTime: (at: string) => Date,
  ) {}

  static async open({ namespace, client }: KubernetesClients): Promise<ChatMonthWriter> {
    const { CustomObjectsApi, EventsV1Api, V1MicroTime } = await import('@kubernetes/client-node');
    // Six digits of a second: the API refuses an Event whose time has the three that a Date is written with.
    return new ChatMonthWriter(namespace, client(CustomObjectsApi), client(EventsV1Api), (at) => new V1MicroTime(at));
  }

  /** What the API has of an installation's months, by name; for what to write only, MongoDB is the truth. */
  async written(instance: string): Promise<ReadonlyMap<string, StoredMonth>> {
    const labelSelector = `app.kubernetes.io/instance=${instance},app.kubernetes.io/managed-by=${manager}`;
    const { items } = (await this.objects.listNamespacedCustomObject({
      ...chatMonthApi,
      namespace: this.namespace,
      labelSelector,
    })) as { readonly items: readonly StoredMonth[] };
    return new Map(items.map((item) => [item.metadata.name, item]));
  }

  /** Writes the object and its status, and creates it where it is missing. Answers it as it is stored. */
  async write(month: ChatMonth): Promise<StoredMonth> {
    const { status, ...object } = month;
    const place = { ...chatMonthApi, namespace: this.namespace, name: month.metadata.name };
    const applying = { ...place, fieldManager: manager, force: true };
    await this.objects.patchNamespacedCustomObject({ ...applying, body: object });
    const { metadata, ...named } = object;
    const body = { ...named, metadata: { name: metadata.name }, status };
    return (await this.objects.patchNamespacedCustomObjectStatus({ ...applying, body })) as StoredMonth;
  }

  /** Tells a step of the last job as an Event of the month. A step that was told before is not told again. */
  async tell({ metadata: { name, uid } }: StoredMonth, step: ChatMonthCondition): Promise<void> {
    const key = createHash('sha256')
      .update(`${uid} ${step.type} ${step.lastTransitionTime}`)
      .digest('hex')
      .slice(0, 16);
    const { apiVersion, kind } = { apiVersion: `${chatMonthApi.group}/${chatMonthApi.version}`, kind: 'ChatMonth' };
    try {
      await this.events.createNamespacedEvent({
        namespace: this.namespace,
        body: {
          metadata: { name: `${name}.${key}`, namespace: this.namespace },
          eventTime: this.microTime(step.lastTransitionTime),
          type: 'Normal',
          reason: step.reason.slice(0, 128),
          action: step.reason.slice(0, 128),
          note: step.message.slice(0, 1_000),
          regarding: { apiVersion, kind, namespace: this.namespace, name, uid },
          reportingController: `${chatMonthApi.group}/jobs`,
          reportingInstance: hostname().slice(0, 128) || manager,
        },
      });
    } catch (thrown) {
      if (statusOf(thrown) !== 409) throw thrown;
    }
  }
}

/** A month as the API answers it. */
export interface StoredMonth {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly status?: Partial<ChatMonthStatus>;
}
