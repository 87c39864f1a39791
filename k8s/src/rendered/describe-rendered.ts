import { beforeAll, describe } from 'vitest';
import { findHelm } from './find-helm.js';
import { podsOf, type RenderedPod } from './pods-of.js';
import { type ChartCase, type Rendered, renderChart } from './render-chart.js';

const helm = await findHelm(4);

/** Describes what Helm 4 makes of charts with values; `$name` stands for which. Skipped where there is no Helm. */
export function describeRendered(
  what: string,
  cases: readonly ChartCase[],
  describeOne: (chart: RenderedChart) => void,
): void {
  // oxlint-disable-next-line vitest/valid-title -- whoever calls it writes the title
  describe.skipIf(helm === undefined).each(cases)(what, (each) => {
    const chart = { ...each, objects: [] as readonly Rendered[], pods: [] as readonly RenderedPod[] };
    beforeAll(async () => {
      chart.objects = await renderChart(String(helm), each);
      chart.pods = podsOf(chart.objects);
    });
    describeOne(chart);
  });
}

/** What came out: empty before the tests begin. */
export interface RenderedChart extends ChartCase {
  readonly objects: readonly Rendered[];
  readonly pods: readonly RenderedPod[];
}
