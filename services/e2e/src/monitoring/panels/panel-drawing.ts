import type { Panel } from './dashboard-panels.js';
import { shownValue } from './shown-value.js';

/** Lines that fit below a graph; the rest is counted. */
const LEGEND_ROWS = 3;

const colours = ['#1f6feb', '#2da44e', '#bf8700', '#cf222e', '#8250df', '#0598bc', '#bc4c00', '#bf3989', '#57606a'];

/**
 * One panel as a group of SVG elements, `width` by `height` from its upper left corner: title, lines over time, legend. Lines that are
 * always 0 come last in it. Where no line has a finite value, nothing but `otherwise`. Pure.
 */
export function panelDrawing(
  panel: Panel,
  lines: readonly Line[],
  { width, height, from, to }: Frame,
  otherwise = 'no data',
): string {
  const has = ({ points }: Line, is: (value: number) => boolean): boolean => points.some(([, value]) => is(value));
  const finite = lines.filter((line) => has(line, Number.isFinite));
  const drawn = finite.toSorted((one, other) => Number(has(other, isSomething)) - Number(has(one, isSomething)));
  const legend = legendRows(drawn, width - 20);
  const plot = { left: 58, right: width - 12, top: 34, bottom: height - 30 - 16 * legend.length };
  const x = (at: number): number => round(plot.left + ((at - from) / (to - from)) * (plot.right - plot.left));
  const values = drawn.flatMap(({ points }) => points.map(([, value]) => value)).filter(Number.isFinite);
  const ticks = evenTicks(Math.min(0, ...values), Math.max(0, ...values), panel.unit);
  const [lowest = 0, highest = 1] = [ticks[0], ticks.at(-1)];
  const y = (value: number): number =>
    round(plot.bottom - ((value - lowest) / (highest - lowest)) * (plot.bottom - plot.top));
  const parts = [
    `<rect width="${width}" height="${height}" rx="3" fill="#ffffff" stroke="#d0d7de"/>`,
    text(10, 20, shortened(panel.title, width - 20, 14.5), 'font-weight="600" font-size="13"'),
  ];
  if (drawn.length === 0) {
    parts.push(text(width / 2, height / 2, otherwise, 'text-anchor="middle" fill="#57606a"'));
    return parts.join('\n');
  }
  for (const tick of ticks) {
    parts.push(rule(plot.left, y(tick), plot.right, y(tick)));
    parts.push(text(plot.left - 6, y(tick) + 4, shownValue(tick, panel.unit), 'text-anchor="end"'));
  }
  for (const at of timeTicks(from, to)) {
    parts.push(rule(x(at), plot.top, x(at), plot.bottom));
    parts.push(text(x(at), plot.bottom + 15, clock(at - from), 'text-anchor="middle"'));
  }
  for (const [index, { points }] of drawn.entries()) parts.push(lineDrawing(points, index, x, y));
  for (const [row, entries] of legend.entries()) {
    for (const { left, index, name } of entries) {
      const base = plot.bottom + 34 + 16 * row;
      parts.push(
        `<rect x="${left}" y="${base - 8}" width="12" height="4" fill="${colourOf(index)}"/>`,
        text(left + 16, base - 2, name),
      );
    }
  }
  return parts.join('\n');
}

/** A series with its name in the legend. */
export interface Line {
  readonly name: string;
  /** Unix seconds and the value. */
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** Size in pixels, and the time that is shown, Unix seconds. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

/** Words at a place, as SVG. */
export function text(x: number, y: number, words: string, more = ''): string {
  const fill = more.includes('fill=') ? '' : ' fill="#24292f"';
  return `<text x="${round(x)}" y="${round(y)}"${fill}${more === '' ? '' : ` ${more}`}>${escaped(words)}</text>`;
}

/** A line is broken where it has no value; a value alone is a dot. */
function lineDrawing(
  points: Line['points'],
  index: number,
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  const pieces: string[][] = [[]];
  for (const [at, value] of points) {
    if (Number.isFinite(value)) pieces.at(-1)?.push(`${x(at)},${y(value)}`);
    else if (pieces.at(-1)?.length !== 0) pieces.push([]);
  }
  const colour = colourOf(index);
  return pieces
    .filter((piece) => piece.length > 0)
    .map((piece) => {
      const [cx, cy] = piece[0]?.split(',') ?? [];
      if (piece.length === 1) return `<circle cx="${cx}" cy="${cy}" r="2" fill="${colour}"/>`;
      return `<polyline points="${piece.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
    })
    .join('\n');
}

interface LegendEntry {
  readonly left: number;
  readonly index: number;
  readonly name: string;
}

function legendRows(lines: readonly Line[], width: number): readonly (readonly LegendEntry[])[] {
  const rows: LegendEntry[][] = [[]];
  let left = 10;
  for (const [index, line] of lines.entries()) {
    const name = shortened(line.name, width - 30, 11);
    const needed = 16 + widthOf(name, 11) + 12;
    const rest = `and ${lines.length - index} more`;
    const isLast = rows.length === LEGEND_ROWS && index < lines.length - 1;
    // In the last row there has to be room for the count of the others.
    if (left > 10 && left + needed + (isLast ? 16 + widthOf(rest, 11) : 0) > width + 10) {
      if (rows.length === LEGEND_ROWS) {
        rows.at(-1)?.push({ left, index, name: rest });
        return rows;
      }
      rows.push([]);
      left = 10;
    }
    rows.at(-1)?.push({ left, index, name });
    left += needed;
  }
  return rows;
}

function evenTicks(lowest: number, highest: number, unit: string): readonly number[] {
  if (lowest === highest) return [0, 1];
  const step = stepOf((highest - lowest) / 4, unit);
  const [first, last] = [Math.floor(lowest / step), Math.ceil(highest / step)];
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** The next even step: of bytes in powers of 1,024, of longer times in minutes, hours and days. */
function stepOf(rough: number, unit: string): number {
  if (unit === 's' && rough > 20 && rough <= 60) return rough <= 30 ? 30 : 60;
  const bytes = /bytes|bps/i.test(unit) ? 1_024 ** Math.floor(Math.log(Math.max(rough, 1)) / Math.log(1_024)) : 1;
  const times = unit === 's' ? ([86_400, 3_600, 60].find((each) => rough > each) ?? 1) : 1;
  const size = bytes * times;
  const power = 10 ** Math.floor(Math.log10(rough / size)) * size;
  return ([1, 2, 5, 10].find((digit) => digit * power >= rough) ?? 10) * power;
}

function timeTicks(from: number, to: number): readonly number[] {
  const step = [10, 15, 30, 60, 120, 300].find((each) => (to - from) / each <= 6) ?? 600;
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;
}

function rule(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#eaeef2"/>`;
}

function isSomething(value: number): boolean {
  return Number.isFinite(value) && value !== 0;
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? '#57606a';
}

function shortened(words: string, width: number, size: number): string {
  if (widthOf(words, size) <= width) return words;
  return shortened(`${words.slice(0, -2).trimEnd()}…`, width, size);
}

/** About as wide as the widest common sans-serif draws it, pixels. */
function widthOf(words: string, size: number): number {
  const count = (letters: RegExp): number => words.match(letters)?.length ?? 0;
  return (0.62 * words.length + 0.1 * count(/[A-Z_m]/g) - 0.22 * count(/[fijlrt .,:]/g)) * size;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
