import type { Rendered } from './render-chart.js';

/** The pods that an object makes: none, its own, or that of its template. */
export function podsOf(objects: readonly Rendered[]): readonly RenderedPod[] {
  return objects.flatMap((object) => {
    const spec = object.spec as unknown as {
      readonly template?: PodTemplate;
      readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
    };
    const template: PodTemplate | undefined =
      object.kind === 'Pod'
        ? (object as unknown as PodTemplate)
        : ['Deployment', 'StatefulSet', 'Job'].includes(object.kind)
          ? spec.template
          : object.kind === 'CronJob'
            ? spec.jobTemplate?.spec.template
            : undefined;
    if (!template) return [];
    const { labels = {} } = template.metadata;
    return [{ of: `${object.kind} ${object.metadata.name}`, object, labels, spec: template.spec }];
  });
}

/** See {@link podsOf}. */
export interface RenderedPod {
  /** Kind and name of the object that makes it. */
  readonly of: string;
  readonly object: Rendered;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

interface PodTemplate {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: PodSpec;
}

/** What tests read of a pod. */
export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly serviceAccountName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly restartPolicy?: string;
  readonly volumes?: readonly Volume[];
  readonly topologySpreadConstraints?: readonly {
    readonly labelSelector: { readonly matchLabels: Readonly<Record<string, string>> };
  }[];
}

/** A volume of it. */
export interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: {
    readonly secretName: string;
    readonly items?: readonly { readonly key: string; readonly path: string }[];
  };
}

/** A container of it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
  }[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string }; readonly secretRef?: unknown }[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly startupProbe?: unknown;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

/** A probe of it. */
export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string | number };
  readonly tcpSocket?: { readonly port: string | number };
  readonly exec?: unknown;
}
