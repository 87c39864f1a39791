import { relative } from 'node:path';
import type { StackPart } from './stack-state.js';

/** The parts as an aligned table for people; log files relative to `folder` where they lie in it. */
export function stackTable(parts: readonly StackPart[], folder: string): string {
  const rows = parts.map(({ name, version, address, pid, logFile }) => [
    name,
    version,
    address,
    String(pid),
    shortPath(logFile, folder),
  ]);
  return alignColumns([['PART', 'VERSION', 'ADDRESS', 'PID', 'LOG'], ...rows]);
}

/** What a person may want to do once all of it runs. */
export function nextSteps(parts: readonly StackPart[], logDir: string, detached: boolean): string {
  const gateway = entrance(parts);
  const web = parts.find(({ name }) => name === 'web');
  const prometheus = parts.find(({ name }) => name === 'prometheus');
  return alignColumns([
    ...(web === undefined ? [] : [['open', web.address]]),
    ['try', 'make demo'],
    ...(gateway === undefined
      ? []
      : [
          ['token', 'make -s token USER=alice'],
          ['env', `eval "$(make -s env)"   (PARLANCE_URL=${gateway.address}, PARLANCE_GRPC, PARLANCE_CREDENTIAL)`],
        ]),
    ...(prometheus === undefined
      ? []
      : [['watch', `${prometheus.address}   (import charts/parlance/files/*-dashboard.json into a Grafana)`]]),
    ['logs', `make logs   (${logDir})`],
    ['stop', detached ? 'make down' : 'Ctrl-C here, or make down'],
  ]);
}

/** Where clients come in: the balancer of the gateways, or the first of them. */
export function entrance(parts: readonly StackPart[]): StackPart | undefined {
  return parts.find(({ name }) => name === 'balancer') ?? parts.find(({ name }) => name.startsWith('gateway'));
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function shortPath(path: string, folder: string): string {
  const short = relative(folder, path);
  return short.startsWith('..') ? path : short;
}
