import type { ComebackSize } from './comeback-size.js';
import { sumOf } from './read-counts.js';
import type { ComebackReport } from './run-comeback.js';

/** The reports side by side, and how this build does compared with the other. */
export function comebackTable(reports: readonly ComebackReport[], { clients, rooms }: ComebackSize): string {
  const rows: readonly (readonly [string, (report: ComebackReport) => string])[] = [
    ...['rooms', 'participants', 'messages', 'room_events'].map(
      (name) => [`reads of ${name}`, ({ reads }: ComebackReport) => `${reads[name] ?? 0}`] as const,
    ),
    ['reads a client', ({ reads }) => (sumOf(reads) / clients).toFixed(1)],
    ['reads a client and room', ({ reads }) => (sumOf(reads) / clients / rooms).toFixed(3)],
    ['half online, ms', ({ halfOnlineMs }) => halfOnlineMs.toFixed(0)],
    ['all online, ms', ({ allOnlineMs }) => allOnlineMs.toFixed(0)],
    ['last read, ms', ({ quietMs }) => quietMs.toFixed(0)],
  ];
  const line = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(24)}${cells.map((cell) => cell.padStart(28)).join('')}`;
  const heading = line(
    `${clients} clients x ${rooms} rooms`,
    reports.map(({ checkout }) => checkout?.slice(-26) ?? 'this build'),
  );
  const body = rows.map(([name, cell]) => line(name, reports.map(cell)));
  return [heading, ...body, ...comparison(reports)].join('\n');
}

function comparison(reports: readonly ComebackReport[]): readonly string[] {
  const [other, own] = reports;
  if (!other || !own) return [];
  const ratio = (of: (report: ComebackReport) => number): string => (of(own) / of(other)).toFixed(3);
  return [
    `this build takes ${ratio(({ allOnlineMs }) => allOnlineMs)} of the time to all online, ${ratio(({ quietMs }) => quietMs)} of the time to the last read`,
  ];
}
