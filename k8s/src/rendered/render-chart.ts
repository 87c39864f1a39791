import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { runProgram } from '../install/run-program.js';
import { repository } from '../k8s.config.js';
import { keepForRun } from './keep-for-run.js';

/** Charts, each with the values it is rendered with in tests: the files of its `ci` folder. */
export const chartCases: readonly ChartCase[] = ['parlance', 'redis-cluster', 'mongodb-sharded'].flatMap((chart) =>
  readdirSync(join(repository, 'charts', chart, 'ci')).map((file) => ({
    name: `${chart} with ${file.replace('-values.yaml', '')}`,
    chart: join(repository, 'charts', chart),
    values: join(repository, 'charts', chart, 'ci', file),
  })),
);

/** One of {@link chartCases}. */
export interface ChartCase {
  readonly name: string;
  /** Folder. */
  readonly chart: string;
  readonly values: string;
}

/** Release and namespace of all renderings. */
export const renderedRelease = { name: 'chat', namespace: 'talk' } as const;

/** All that a chart makes of its values, hooks and CRDs included; once a run of tests. Rejects with what Helm says. */
export async function renderChart(
  helm: string,
  { chart, values }: ChartCase,
  more: readonly string[] = [],
): Promise<readonly Rendered[]> {
  const { name, namespace } = renderedRelease;
  const args = [
    'template',
    name,
    chart,
    '--namespace',
    namespace,
    '--include-crds',
    '--kube-version',
    '1.35.0',
    '--values',
    values,
    ...more,
  ];
  // Kept as JSON, which is read in a fraction of the time that YAML takes.
  const objects = await keepForRun(helm, args, async () =>
    JSON.stringify(loadAll(await runProgram(helm, args)).filter((each) => each !== null)),
  );
  return JSON.parse(objects) as readonly Rendered[];
}

/** Values by their paths, as Helm takes them: `gateway.replicas=3`. */
export function setting(values: readonly string[]): readonly string[] {
  return values.flatMap((each) => ['--set', each]);
}

/** An object of Kubernetes, as far as tests read it. */
export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, never>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly rules?: readonly RoleRule[];
  readonly roleRef?: object;
  readonly type?: string;
}

/** A rule of a Role. */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}
