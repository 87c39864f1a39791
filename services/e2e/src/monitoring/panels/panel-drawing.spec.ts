import { expect, it } from 'vitest';
import { dashboardDrawing } from './dashboard-drawing.js';
import { panelDrawing } from './panel-drawing.js';

const panel = { title: 'A < B', place: { x: 6, y: 1, w: 6, h: 8 }, unit: 's', queries: [] };
const frame = { width: 350, height: 230, from: 1_000, to: 1_060 };

it('draws lines, broken where they have no value, with axes and a legend', () => {
  const points = [1, 2, Number.NaN, 4, Number.POSITIVE_INFINITY, 2, 1].map(
    (value, index) => [1_000 + index * 10, value] as const,
  );
  const svg = panelDrawing(panel, [{ name: 'half of them', points }], frame);
  expect(svg.match(/<polyline/g)).toHaveLength(2);
  expect(svg.match(/<circle/g)).toHaveLength(1);
  expect(svg).toContain('A &lt; B');
  expect(svg).toContain('>half of them<');
  expect(svg).toContain('>4 s<');
  expect(svg).toContain('>0:30<');
  expect(svg).not.toMatch(/NaN|Infinity/);
});

it('draws a line that is 0 all the time', () => {
  const svg = panelDrawing(
    panel,
    [
      {
        name: 'none',
        points: [
          [1_000, 0],
          [1_060, 0],
        ],
      },
    ],
    frame,
  );
  expect(svg).not.toMatch(/NaN|no data/);
});

it('gives bytes even steps of 1,024', () => {
  const lines = [{ name: 'x', points: [[1_000, 130 * 2 ** 20]] as const }];
  const svg = panelDrawing({ ...panel, unit: 'bytes' }, lines, frame);
  expect(svg.match(/>[\d.]+ MiB</g)).toEqual(['>50 MiB<', '>100 MiB<', '>150 MiB<']);
});

it('says so where there is nothing to draw', () => {
  expect(panelDrawing(panel, [{ name: 'x', points: [[1_000, Number.NaN]] }], frame)).toContain('no data');
});

it('counts the names that have no room', () => {
  const lines = Array.from({ length: 40 }, (_, index) => ({ name: `gateway-${index}`, points: [[1_000, 1]] as const }));
  const svg = panelDrawing(panel, lines, frame);
  const shown = svg.match(/>gateway-\d+</g) ?? [];
  expect(svg).toContain(`and ${40 - shown.length} more`);
});

it('puts panels where the dashboard has them', () => {
  const rows = [{ title: 'Row', place: { x: 0, y: 0, w: 24, h: 1 } }];
  const svg = dashboardDrawing({ title: 'It', rows }, [{ panel, lines: [], outcome: 'none' }], frame);
  expect(svg).toContain('viewBox="0 0 1448 322"');
  expect(svg).toContain('translate(368,82)');
  expect(svg).toContain('no data');
});
