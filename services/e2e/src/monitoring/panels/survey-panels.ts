import type { PrometheusApi, TimeSpan } from '../stack/prometheus-api.js';
import { type Dashboard, legendOf, type Panel, withVariables } from './dashboard-panels.js';
import type { Line } from './panel-drawing.js';

/** What others than the product tell: kube-state-metrics, the node exporter, the kubelet. None of them runs here. */
const foreign = /\b(?:kube|node|container|kubelet)_\w+/;

/**
 * Asks every query of a dashboard. A panel has data when at least one of its queries gives a value, 0 among them; a query that
 * cannot be asked rejects.
 */
export async function surveyPanels(
  { panels }: Pick<Dashboard, 'panels'>,
  prometheus: Pick<PrometheusApi, 'range'>,
  variables: Readonly<Record<string, string>>,
  span: TimeSpan,
): Promise<readonly SurveyedPanel[]> {
  return Promise.all(
    panels.map(async (panel) => {
      const lines = await Promise.all(
        panel.queries.map(async ({ expr, legend }) => {
          const series = await prometheus.range(withVariables(expr, variables), span);
          return series.map(({ labels, points }): Line => ({ name: legendOf(legend, labels), points }));
        }),
      );
      const hasData = lines.flat().some(({ points }) => points.some(([, value]) => Number.isFinite(value)));
      return { panel, lines: lines.flat(), outcome: hasData ? 'data' : outcomeWithout(panel) } as const;
    }),
  );
}

/** A panel and what it showed. */
export interface SurveyedPanel {
  readonly panel: Panel;
  readonly lines: readonly Line[];
  /** `elsewhere`: without data, and all that it asks for is told by others than the product. */
  readonly outcome: 'data' | 'none' | 'elsewhere';
}

function outcomeWithout({ queries }: Panel): 'none' | 'elsewhere' {
  return queries.every(({ expr }) => foreign.test(expr)) ? 'elsewhere' : 'none';
}
