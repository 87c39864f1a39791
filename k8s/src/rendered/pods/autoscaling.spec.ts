import { expect, it } from 'vitest';
import { describeRendered } from '../describe-rendered.js';
import { chartCases } from '../render-chart.js';

const parlance = chartCases.filter(({ name }) => name.startsWith('parlance'));

describeRendered('the number of pods in $name', parlance, (chart) => {
  const scalers = () =>
    chart.objects
      .filter(({ kind }) => kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject')
      .map(({ kind, spec }) => ({ kind, spec: spec as unknown as Scaler }));

  it('is set by the values or by one autoscaler', () => {
    for (const { metadata, spec } of chart.objects.filter(({ kind }) => kind === 'Deployment')) {
      const setting = scalers().filter((scaler) => scaler.spec.scaleTargetRef.name === metadata.name);
      const said = 'replicas' in (spec ?? {}) ? 1 : 0;
      expect(setting.length + said, metadata.name).toBe(1);
    }
  });

  it('goes down one at a time and only after a long calm, whoever sets it', () => {
    for (const { kind, spec } of scalers()) {
      const behavior = spec.behavior ?? spec.advanced?.horizontalPodAutoscalerConfig.behavior;
      expect(behavior?.scaleDown.stabilizationWindowSeconds, kind).toBeGreaterThanOrEqual(600);
      expect(behavior?.scaleDown.policies, kind).toEqual([{ type: 'Pods', value: 1, periodSeconds: 120 }]);
    }
  });

  it('is bound below and above, and a budget holds for what is left', () => {
    for (const { spec } of scalers()) {
      const least = spec.minReplicas ?? spec.minReplicaCount ?? 0;
      expect(least).toBeGreaterThan(1);
      expect(spec.maxReplicas ?? spec.maxReplicaCount).toBeGreaterThan(least);
      const budget = chart.objects.find(
        ({ kind, metadata }) => kind === 'PodDisruptionBudget' && metadata.name === spec.scaleTargetRef.name,
      );
      expect(budget, spec.scaleTargetRef.name).toBeDefined();
    }
  });

  it('by KEDA follows CPU and what a pod takes, and stays where Prometheus does not answer', () => {
    const byKeda = scalers().filter(({ kind }) => kind === 'ScaledObject');
    expect(byKeda.length).toBe(chart.name.endsWith('addons') ? 2 : 0);
    for (const { spec } of byKeda) {
      expect(spec.triggers?.map(({ type }) => type)).toEqual(['prometheus', 'cpu']);
      // KEDA falls back for averages alone.
      const [prometheus] = spec.triggers ?? [];
      expect(prometheus?.metricType).toBe('AverageValue');
      expect(Number(prometheus?.metadata['threshold'])).toBeGreaterThan(0);
      expect(prometheus?.metadata['serverAddress']).toMatch(/^https?:/);
      expect(spec.fallback?.behavior).toBe('currentReplicasIfHigher');
    }
  });
});

interface Scaler {
  readonly scaleTargetRef: { readonly name: string };
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly minReplicaCount?: number;
  readonly maxReplicaCount?: number;
  readonly behavior?: Behavior;
  readonly advanced?: { readonly horizontalPodAutoscalerConfig: { readonly behavior: Behavior } };
  readonly fallback?: { readonly behavior: string };
  readonly triggers?: readonly {
    readonly type: string;
    readonly metricType: string;
    readonly metadata: Readonly<Record<string, string>>;
  }[];
}

interface Behavior {
  readonly scaleDown: { readonly stabilizationWindowSeconds: number; readonly policies: readonly object[] };
}
