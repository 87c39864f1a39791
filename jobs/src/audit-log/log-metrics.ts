import { rename, writeFile } from 'node:fs/promises';
import type { LogsFound } from './look-at-logs.js';
import { faultKinds } from './plan-audit-log.js';

/**
 * Writes what an audit found as a text file for Prometheus' node exporter (its `textfile` collector). The file is replaced at
 * once, so nobody reads half of it. `at`: the time of the audit, Unix milliseconds.
 */
export async function writeLogMetrics(path: string, found: LogsFound, at: number): Promise<void> {
  const next = `${path}.${process.pid}`;
  await writeFile(next, renderLogMetrics(found, at));
  await rename(next, path);
}

/** The text of the file. Pure. */
function renderLogMetrics({ rooms, slots, faulty }: LogsFound, at: number): string {
  const faults = faulty.flatMap((log) => log.faults);
  const gauge = (name: string, help: string, lines: readonly string[]): string =>
    [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines.map((line) => `${name}${line}`), ''].join('\n');
  return [
    gauge(
      'chat_audit_faults',
      'Faults of logs that the last audit found.',
      faultKinds.map((kind) => `{kind="${kind}"} ${faults.filter((fault) => fault.kind === kind).length}`),
    ),
    gauge('chat_audit_rooms', 'Rooms whose logs were audited.', [` ${rooms}`]),
    gauge('chat_audit_slots', 'Slots that stand in MongoDB.', [` ${slots}`]),
    gauge('chat_audit_end_seconds', 'When the last audit ended, Unix seconds.', [` ${Math.round(at / 1_000)}`]),
  ].join('');
}
