import { type ExitCode, exitCode } from '../exit-code.js';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { writeLogMetrics } from './log-metrics.js';
import { type LogsFound, lookAtLogs } from './look-at-logs.js';
import { mendLogs } from './mend-log.js';
import { planAuditLog } from './plan-audit-log.js';

/** How logs are audited. */
export interface AuditLogsOptions {
  /** Mend what may be mended. */
  readonly repair: boolean;
  /** Count every slot. */
  readonly full: boolean;
  /** File for the figures; undefined: none. */
  readonly metricsPath: string | undefined;
}

/** Rounds in which faults were found before the job gives up. */
const patience = 4;

/**
 * Audits the logs of all rooms, and with `repair` closes holes, lowers marks and takes away wrong noted ends, then looks again. It may run beside the
 * services and beside itself.
 * @throws JobFailed; what the driver throws.
 */
export async function auditLogs(options: AuditLogsOptions, context: JobContext): Promise<ExitCode> {
  const { report } = context;
  let found = await look(options, context);
  report.plan(planAuditLog(found));
  for (let round = 1; options.repair && mendable(found) > 0; round++) {
    if (round > patience) throw new JobFailed(`${found.faulty.length} logs are not whole after ${patience} rounds`);
    const { records, marks, ends, left } = await mendLogs(context, found.faulty);
    report.done(
      `closed ${records} slots, lowered ${marks} marks and took away ${ends} noted ends; ${left} faults are left`,
      {
        records,
        marks,
        ends,
        left,
      },
    );
    if (records + marks + ends === 0) break;
    found = await look(options, context);
  }
  for (const { kind } of found.faulty.flatMap(({ faults }) => faults)) context.findings.add(kind);
  return found.faulty.length > 0 ? exitCode.found : exitCode.done;
}

async function look({ full, metricsPath }: AuditLogsOptions, context: JobContext): Promise<LogsFound> {
  const found = await lookAtLogs(context, { full });
  if (metricsPath !== undefined) await writeLogMetrics(metricsPath, found, await context.now());
  return found;
}

/** Faults that a repair may decide. */
function mendable({ faulty }: LogsFound): number {
  return faulty.flatMap(({ faults }) => faults).filter(({ kind }) => kind !== 'chain').length;
}
