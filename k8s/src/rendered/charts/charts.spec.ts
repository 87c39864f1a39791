import { expect, it } from 'vitest';
import { runProgram } from '../../install/run-program.js';
import { describeRendered } from '../describe-rendered.js';
import { findHelm } from '../find-helm.js';
import { objectFaults } from '../object-faults.js';
import { chartCases, type Rendered, renderChart } from '../render-chart.js';

const [helm3, helm4] = await Promise.all([findHelm(3), findHelm(4)]);

describeRendered('$name', chartCases, (chart) => {
  it('lints without a warning', async () => {
    expect(await runProgram(String(helm4), ['lint', chart.chart, '--strict', '--values', chart.values])).toContain(
      '0 chart(s) failed',
    );
  });

  it('renders only what Kubernetes 1.35 and those who extend it know, to the last field', () => {
    for (const object of chart.objects)
      expect(objectFaults(object), `${object.kind} ${object.metadata.name}`).toEqual([]);
  });

  it('names no object twice', () => {
    const names = chart.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it.skipIf(helm3 === undefined)('is the same with Helm 3', async () => {
    const text = (list: readonly Rendered[]): string[] => list.map((object) => JSON.stringify(object)).toSorted();
    expect(text(await renderChart(String(helm3), chart))).toEqual(text(chart.objects));
  });
});
