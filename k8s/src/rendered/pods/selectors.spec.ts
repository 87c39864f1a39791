import { expect, it } from 'vitest';
import { describeRendered } from '../describe-rendered.js';
import { chartCases, type Rendered } from '../render-chart.js';

type Labels = Readonly<Record<string, string>>;
const fits = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);

/** Of the pods of a StatefulSet. */
function podNamesOf({ kind, metadata, spec }: Rendered): readonly string[] {
  if (kind !== 'StatefulSet') return [];
  const { replicas } = spec as unknown as { readonly replicas: number };
  return Array.from({ length: replicas }, (_, index) => `${metadata.name}-${index}`);
}

describeRendered('selectors of $name', chartCases, (chart) => {
  const of = (...kinds: readonly string[]) => chart.objects.filter(({ kind }) => kinds.includes(kind));
  const serving = () => chart.pods.filter(({ object: { kind } }) => kind === 'Deployment' || kind === 'StatefulSet');

  it('of a workload fit its own chart.pods and nobody else', () => {
    for (const workload of of('Deployment', 'StatefulSet')) {
      const { matchLabels } = (workload.spec as unknown as { selector: { matchLabels: Labels } }).selector;
      const found = chart.pods
        .filter(({ labels }) => fits(matchLabels, labels))
        .map(({ object }) => object.metadata.name);
      expect(found, workload.metadata.name).toEqual([workload.metadata.name]);
    }
  });

  it('of a Service fit chart.pods that have its ports', () => {
    for (const service of of('Service')) {
      const { selector, ports } = service.spec as unknown as {
        selector: Labels;
        ports: readonly { targetPort: string | number }[];
      };
      const { 'statefulset.kubernetes.io/pod-name': podName, ...asked } = selector;
      const found = serving().filter(
        ({ labels, object }) => fits(asked, labels) && (podName === undefined || podNamesOf(object).includes(podName)),
      );
      expect(found.length, service.metadata.name).toBeGreaterThan(0);
      const open = new Set(
        found
          .flatMap(({ spec }) => spec.containers.flatMap((container) => container.ports ?? []))
          .flatMap(({ name, containerPort }) => [name, containerPort]),
      );
      for (const { targetPort } of ports)
        expect(open.has(targetPort), `${service.metadata.name}:${targetPort}`).toBe(true);
    }
  });

  it('of budgets and autoscalers fit one workload, and a budget never forbids every eviction', () => {
    for (const budget of of('PodDisruptionBudget')) {
      const { selector, maxUnavailable } = budget.spec as unknown as {
        selector: { matchLabels: Labels };
        maxUnavailable: number;
      };
      const [pod, ...others] = serving().filter(({ labels }) => fits(selector.matchLabels, labels));
      expect(others, budget.metadata.name).toEqual([]);
      expect(maxUnavailable, budget.metadata.name).toBeGreaterThan(0);
      const { replicas = 2 } = (pod?.object.spec ?? {}) as { readonly replicas?: number };
      // A set of one member may go for a while; of several a majority stays.
      expect(replicas === 1 || maxUnavailable < replicas, budget.metadata.name).toBe(true);
    }
    for (const { spec } of of('HorizontalPodAutoscaler', 'ScaledObject')) {
      const { scaleTargetRef } = spec as unknown as { scaleTargetRef: { name: string } };
      const [target] = of('Deployment').filter(({ metadata }) => metadata.name === scaleTargetRef.name);
      // With both, an upgrade would fight the autoscaler.
      expect(target?.spec).not.toHaveProperty('replicas');
    }
  });

  it('stand on labels that every object has', () => {
    for (const { kind, metadata } of chart.objects.filter((object) => object.kind !== 'CustomResourceDefinition')) {
      expect(metadata.labels, `${kind} ${metadata.name}`).toMatchObject({
        'app.kubernetes.io/instance': 'chat',
        'app.kubernetes.io/part-of': 'parlance',
        'app.kubernetes.io/managed-by': 'Helm',
      });
    }
  });
});
