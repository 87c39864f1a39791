import { expect, it } from 'vitest';
import { surveyPanels } from './survey-panels.js';

const place = { x: 0, y: 0, w: 6, h: 8 };
const panel = (title: string, ...exprs: readonly string[]) => ({
  title,
  place,
  unit: 'short',
  queries: exprs.map((expr) => ({ expr, legend: '{{pod}}' })),
});
const span = { from: 0, to: 10, stepSeconds: 5 };

it('tells which panels have data: zeros are some, what is no number is none', async () => {
  const asked: string[] = [];
  const answers: Readonly<Record<string, readonly number[]>> = { 'zero{pod="x"}': [0, 0], nothing: [Number.NaN] };
  const range = async (expr: string) => {
    asked.push(expr);
    const values = answers[expr];
    if (values === undefined) return [];
    return [{ labels: { pod: 'x' }, points: values.map((value, index) => [index, value] as const) }];
  };
  const panels = [
    panel('zeros', 'absent', 'zero{pod="$pod"}'),
    panel('quantile of nothing', 'nothing'),
    panel('of Kubernetes', 'kube_pod_info'),
  ];
  const surveyed = await surveyPanels({ panels }, { range }, { pod: 'x' }, span);
  expect(surveyed.map(({ outcome }) => outcome)).toEqual(['data', 'none', 'elsewhere']);
  expect(surveyed[0]?.lines).toEqual([
    {
      name: 'x',
      points: [
        [0, 0],
        [1, 0],
      ],
    },
  ]);
  expect(asked).toEqual(['absent', 'zero{pod="x"}', 'nothing', 'kube_pod_info']);
});
