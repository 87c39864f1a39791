import type { Dashboard, Place } from './dashboard-panels.js';
import { panelDrawing, text } from './panel-drawing.js';
import type { SurveyedPanel } from './survey-panels.js';

const [column, row, gap, head] = [60, 30, 8, 44];

const words = { data: '', none: 'no data', elsewhere: 'told by an exporter, which does not run here' } as const;

/**
 * A dashboard as one SVG, its panels where Grafana has them, on a background of its own, so that it is read on a dark page too.
 */
export function dashboardDrawing(
  { title, rows }: Pick<Dashboard, 'title' | 'rows'>,
  surveyed: readonly SurveyedPanel[],
  { from, to }: { readonly from: number; readonly to: number },
): string {
  const bottom = Math.max(...[...surveyed.map(({ panel }) => panel), ...rows].map(({ place }) => place.y + place.h));
  const [width, height] = [24 * column + gap, head + bottom * row + gap];
  const at = ({ x, y }: Place): string => `transform="translate(${x * column + gap},${head + y * row + gap})"`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#f6f8fa"/>`,
    text(12, 30, title, 'font-size="18" font-weight="600"'),
    ...rows.map((each) => `<g ${at(each.place)}>${text(4, 16, each.title, 'font-size="13" fill="#57606a"')}</g>`),
    ...surveyed.map(({ panel, lines, outcome }) => {
      const size = { width: panel.place.w * column - gap, height: panel.place.h * row - gap };
      return `<g ${at(panel.place)}>\n${panelDrawing(panel, lines, { ...size, from, to }, words[outcome])}\n</g>`;
    }),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}
