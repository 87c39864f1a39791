/** What is drawn: one line a series. */
export interface LinePlot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** Logarithmic axes, for what spans more than a power of ten. */
  readonly log: boolean;
  /** A dashed line across, with its words. */
  readonly limit?: { readonly y: number; readonly text: string };
}

/** One line. */
export interface Series {
  readonly name: string;
  /** "#1f6feb". */
  readonly color: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** The plot as SVG, with a background of its own, so that it is read on a dark page too. */
export function linePlot(plot: LinePlot): string {
  const points = plot.series.flatMap((series) => series.points);
  const x = axis(
    points.map(([value]) => value),
    plot.log,
    [left, width - right],
  );
  const limits = plot.limit === undefined ? [] : [plot.limit.y];
  const y = axis([...points.map(([, value]) => value), ...limits], plot.log, [height - bottom, top]);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${escape(plot.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(width / 2, 20, plot.title, 'text-anchor="middle" font-size="14"'),
    ...x.ticks.flatMap((value) => [
      line([x.at(value), top], [x.at(value), height - bottom], '#e4e4e4'),
      text(x.at(value), height - bottom + 16, shown(value), 'text-anchor="middle"'),
    ]),
    ...y.ticks.flatMap((value) => [
      line([left, y.at(value)], [width - right, y.at(value)], '#e4e4e4'),
      text(left - 6, y.at(value) + 4, shown(value), 'text-anchor="end"'),
    ]),
    text((left + width - right) / 2, height - 8, plot.xLabel, 'text-anchor="middle"'),
    text(14, 36, plot.yLabel),
    ...limitParts(plot, y),
    ...plot.series.flatMap((series, index) => seriesParts(series, index, x, y)),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

const [width, height] = [720, 360];
const [left, right, top, bottom] = [56, 120, 48, 46];

interface Axis {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

function axis(values: readonly number[], log: boolean, [from, to]: readonly [number, number]): Axis {
  const highest = Math.max(...values) * 1.05;
  const lowest = log ? Math.min(...values) / 1.1 : 0;
  const scale = log ? Math.log : (value: number): number => value;
  const at = (value: number): number =>
    Math.round((from + ((scale(value) - scale(lowest)) / (scale(highest) - scale(lowest))) * (to - from)) * 10) / 10;
  return { at, ticks: log ? logTicks(lowest, highest) : evenTicks(highest) };
}

function logTicks(lowest: number, highest: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(lowest)); 10 ** power <= highest; power++) {
    ticks.push(...[1, 2, 5].map((digit) => digit * 10 ** power));
  }
  return ticks.filter((tick) => tick >= lowest && tick <= highest);
}

function evenTicks(highest: number): number[] {
  const rough = highest / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((digit) => digit * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step);
}

function limitParts({ limit }: LinePlot, y: Axis): string[] {
  if (limit === undefined) return [];
  const at = y.at(limit.y);
  return [
    `<line x1="${left}" y1="${at}" x2="${width - right}" y2="${at}" stroke="#57606a" stroke-dasharray="5 4"/>`,
    text(left + 6, at - 5, limit.text),
  ];
}

function seriesParts({ name, color, points }: Series, index: number, x: Axis, y: Axis): string[] {
  const places = points.toSorted(([a], [b]) => a - b).map((point) => [x.at(point[0]), y.at(point[1])] as const);
  const legend = top + 10 + index * 18;
  return [
    `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>`,
    ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>`),
    line([width - right + 8, legend], [width - right + 26, legend], color, 2),
    `<circle cx="${width - right + 17}" cy="${legend}" r="3" fill="${color}"/>`,
    text(width - right + 31, legend + 4, name),
  ];
}

function line(from: readonly [number, number], to: readonly [number, number], color: string, thick = 1): string {
  return `<line x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}" stroke="${color}" stroke-width="${thick}"/>`;
}

function text(x: number, y: number, words: string, more = ''): string {
  return `<text x="${x}" y="${y}" fill="#24292f"${more === '' ? '' : ` ${more}`}>${escape(words)}</text>`;
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function shown(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}
