import { isDeepStrictEqual } from 'node:util';
import type { Rendered } from '../render-chart.js';

/** Fields that stay as they are, by kind. */
const fixedFields: Readonly<Record<string, (object: Rendered) => Fields>> = {
  StatefulSet: ({ spec }) => prefixed('spec', without(spec, mutableOfStatefulSet)),
  Deployment: ({ spec }) => ({ 'spec.selector': spec?.['selector'] }),
  DaemonSet: ({ spec }) => ({ 'spec.selector': spec?.['selector'] }),
  // Whether it has an address of its own; a given one is one too.
  Service: ({ spec }) => ({ 'spec.clusterIP': spec?.['clusterIP'] }),
  Job: ({ spec }) => prefixed('spec', without(spec, mutableOfJob)),
  PersistentVolumeClaim: ({ spec }) => prefixed('spec', without(spec, new Set(['resources']))),
  StorageClass: (object) => without(object, new Set(['metadata', 'allowVolumeExpansion'])),
  RoleBinding: ({ roleRef }) => ({ roleRef }),
  ClusterRoleBinding: ({ roleRef }) => ({ roleRef }),
  Secret: ({ type = 'Opaque' }) => ({ type }),
};

/** https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/ and what the API server says to others. */
const mutableOfStatefulSet = new Set([
  'replicas',
  'template',
  'updateStrategy',
  'ordinals',
  'minReadySeconds',
  'persistentVolumeClaimRetentionPolicy',
  'revisionHistoryLimit',
]);

const mutableOfJob = new Set([
  'suspend',
  'parallelism',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
]);

/**
 * What Kubernetes would refuse, or carry out by a way that loses something, if the objects of one rendering took the place of those of
 * another: a line for each field of the same object that cannot be changed. Pure.
 *
 * Hooks that Helm deletes before it makes them anew are free.
 */
export function immutableChanges(before: readonly Rendered[], after: readonly Rendered[]): readonly string[] {
  const next = new Map(after.map((object) => [nameOf(object), object]));
  return before.flatMap((object) => {
    const then = next.get(nameOf(object));
    if (!then || isMadeAnew(then)) return [];
    const fixed = fixedFields[object.kind]?.(object) ?? {};
    const now = fixedFields[then.kind]?.(then) ?? {};
    return [...new Set([...Object.keys(fixed), ...Object.keys(now)])]
      .filter((field) => !isDeepStrictEqual(fixed[field], now[field]))
      .map((field) => `${nameOf(object)}: ${field}`);
  });
}

function nameOf({ kind, metadata }: Rendered): string {
  return `${kind} ${metadata.name}`;
}

function isMadeAnew({ metadata }: Rendered): boolean {
  return metadata.annotations?.['helm.sh/hook-delete-policy']?.includes('before-hook-creation') === true;
}

type Fields = Readonly<Record<string, unknown>>;

function without(fields: object | undefined, left: ReadonlySet<string>): Fields {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([name]) => !left.has(name)));
}

function prefixed(prefix: string, fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value]));
}
