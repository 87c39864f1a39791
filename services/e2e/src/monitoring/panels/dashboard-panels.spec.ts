import { expect, it } from 'vitest';
import { dashboardOf, legendOf, withVariables } from './dashboard-panels.js';

const place = { x: 0, y: 1, w: 6, h: 8 };

it('finds the panels of a dashboard, those of closed rows too', () => {
  const panel = (title: string): object => ({
    type: 'timeseries',
    title,
    gridPos: place,
    fieldConfig: { defaults: { unit: 's' } },
    targets: [{ expr: 'a', legendFormat: '{{pod}}' }],
  });
  const row = { type: 'row', title: 'Row', gridPos: { ...place, h: 1 }, panels: [panel('inner')] };
  const { rows, panels } = dashboardOf('it', JSON.stringify({ title: 'It', panels: [panel('outer'), row] }));
  expect(rows).toEqual([{ title: 'Row', place: { ...place, h: 1 } }]);
  expect(panels.map(({ title }) => title)).toEqual(['outer', 'inner']);
  expect(panels[0]).toEqual({ title: 'outer', place, unit: 's', queries: [{ expr: 'a', legend: '{{pod}}' }] });
});

it('puts values in the place of variables', () => {
  const values = { namespace: 'local', __rate_interval: '10s' };
  expect(withVariables('rate(a{namespace="$namespace"}[$__rate_interval])', values)).toBe(
    'rate(a{namespace="local"}[10s])',
  );
  expect(() => withVariables('a{b="$c"}', values)).toThrow('$c has no value');
});

it('names a series by its labels', () => {
  expect(legendOf('of {{pod}}', { pod: 'gateway-1' })).toBe('of gateway-1');
  expect(legendOf('{{none}}', { a: '1', b: '2' })).toBe('a=1, b=2');
});
