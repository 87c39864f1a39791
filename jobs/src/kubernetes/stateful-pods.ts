import type { AppsV1Api, CoreV1Api, V1Pod } from '@kubernetes/client-node';
import type { KubernetesClients } from './connect-kubernetes.js';
import { statusOf } from './kubernetes-reason.js';

/** 404: there is none; 409: there is another one of the name; 429: its PodDisruptionBudget. */
const evictionAnswers: Readonly<Record<number, 'gone' | 'protected'>> = { 404: 'gone', 409: 'gone', 429: 'protected' };

/** StatefulSets and their pods in the Kubernetes API. Every call rejects when the API does not take it or is silent for three seconds. */
export class StatefulPods {
  private constructor(
    private readonly namespace: string,
    private readonly apps: AppsV1Api,
    private readonly core: CoreV1Api,
  ) {}

  static async open({ namespace, client }: KubernetesClients): Promise<StatefulPods> {
    const { AppsV1Api, CoreV1Api } = await import('@kubernetes/client-node');
    return new StatefulPods(namespace, client(AppsV1Api), client(CoreV1Api));
  }

  /** A StatefulSet, or undefined when there is none of the name. */
  async statefulSet(name: string): Promise<StatefulSetSight | undefined> {
    const found = await orNone(this.apps.readNamespacedStatefulSet({ namespace: this.namespace, name }));
    if (!found) return undefined;
    const { metadata, spec, status } = found;
    return {
      name,
      replicas: spec?.replicas ?? 1,
      updateStrategy: spec?.updateStrategy?.type ?? 'RollingUpdate',
      image: spec?.template.spec?.containers[0]?.image,
      revision: (status?.observedGeneration ?? 0) < (metadata?.generation ?? 0) ? undefined : status?.updateRevision,
      available: status?.availableReplicas ?? 0,
    };
  }

  /** A pod, or undefined when there is none of the name. */
  async pod(name: string): Promise<PodSight | undefined> {
    const found = await orNone(this.core.readNamespacedPod({ namespace: this.namespace, name }));
    if (!found) return undefined;
    const { metadata, spec, status } = found;
    return {
      name,
      uid: metadata?.uid,
      revision: metadata?.labels?.['controller-revision-hash'],
      image: spec?.containers[0]?.image,
      isReady: isReady(status) && metadata?.deletionTimestamp === undefined,
    };
  }

  /**
   * Has a pod go in the time that it takes to stop; its StatefulSet makes another of the same name. Not in place of one that has come since
   * it was read, and not while its disruption budget says no. Answers what became of it.
   */
  async evict({ name, uid }: PodSight): Promise<'evicted' | 'gone' | 'protected'> {
    const { namespace } = this;
    const body = {
      metadata: { name, namespace },
      deleteOptions: { ...(uid !== undefined && { preconditions: { uid } }) },
    };
    try {
      await this.core.createNamespacedPodEviction({ namespace, name, body });
      return 'evicted';
    } catch (thrown) {
      const answer = evictionAnswers[statusOf(thrown) ?? 0];
      if (answer) return answer;
      throw thrown;
    }
  }
}

/** What is read of a StatefulSet. */
export interface StatefulSetSight {
  readonly name: string;
  readonly replicas: number;
  readonly updateStrategy: string;
  /** Of the first container of its template. */
  readonly image: string | undefined;
  /** Of the template; undefined until its controller has seen the newest. */
  readonly revision: string | undefined;
  /** Pods that have been ready for as long as it asks for. */
  readonly available: number;
}

/** What is read of a pod. */
export interface PodSight {
  readonly name: string;
  readonly uid: string | undefined;
  /** Of the template that it was made from. */
  readonly revision: string | undefined;
  readonly image: string | undefined;
  /** False from the moment on that it is told to go. */
  readonly isReady: boolean;
}

async function orNone<Found>(asked: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (statusOf(thrown) === 404) return undefined;
    throw thrown;
  }
}

function isReady(status: V1Pod['status']): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}
