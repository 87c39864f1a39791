import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '@parlance/runtime';
import { readServerClock } from '@parlance/storage';
import { auditLogs } from '../audit-log/audit-logs.js';
import type { Command } from '../cli/command.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { auditedRooms } from './audited-rooms.js';
import { mendRoom } from './mend-room.js';
import { mendingOf, planAudit, type RoomFault } from './plan-audit.js';

/** What `audit` is asked for. */
export interface AuditOptions {
  /** Mend what is found; without it the plan is printed and nothing changes. */
  readonly repair: boolean;
  /** Count every slot, also where the number that the servers keep proves a month whole. Default `false`. */
  readonly full?: boolean;
  /** Where the figures of the logs go, for Prometheus. */
  readonly metricsPath?: string | undefined;
}

/** Rounds in which faults were found before the job gives up. */
const patience = 8;

/** `jobs audit`: finds rooms and logs that are not as they have to be, and mends them. */
export const auditCommand: Command = {
  name: 'audit',
  usage: 'audit [--repair] [--full] [--metrics FILE]',
  doc: 'Looks through all groups for missing or second owners, participants without a row, rows without a place and events that were not logged, and through all logs for holes, ends that do not fit their chain, noted ends that fit no seal and marks beyond the head; with --repair mends them.',
  alone: false,
  options: { repair: { type: 'boolean' }, full: { type: 'boolean' }, metrics: { type: 'string' } },
  run({ repair, full, metrics }, context) {
    const metricsPath = typeof metrics === 'string' ? metrics : undefined;
    return audit({ repair: repair === true, full: full === true, metricsPath }, context);
  },
};

/**
 * Looks through all groups, then through all logs, says what is wrong with which, and with `repair` mends it. Changes nothing
 * without.
 * @throws JobFailed; whatever the driver throws while MongoDB is away.
 */
export async function audit(options: AuditOptions, context: JobContext): Promise<ExitCode> {
  const { repair, full = false, metricsPath } = options;
  const groups = await auditGroups(repair, context);
  const logs = await auditLogs({ repair, full, metricsPath }, context);
  return groups === exitCode.done ? logs : groups;
}

/**
 * Looks through all groups and says what is wrong with which; with `repair` mends them and looks again until nothing is
 * wrong. It may run beside the services and beside itself: a room that changes meanwhile is looked at anew.
 * @throws JobFailed; whatever the driver throws while MongoDB is away.
 */
async function auditGroups(repair: boolean, context: JobContext): Promise<ExitCode> {
  const { database, progress, report, findings, signal, checkpoint } = context;
  let found = await look(context);
  report.plan(found.plan);
  if (found.plan.verdict !== 'run') return exitCode.done;
  if (!repair) {
    for (const [fault, rooms] of found.faults) findings.add(fault, rooms.length);
    return exitCode.found;
  }
  const mended = new Set<string>();
  for (let round = 1; found.rooms.size > 0; round++) {
    if (round > patience)
      throw new JobFailed(`${found.rooms.size} rooms are not as they should be after ${patience} rounds`);
    if (round > 1) await delay(backoffMs(round, { firstMs: 50, capMs: 2_000 }), undefined, { signal });
    await progress.during('mending rooms', async (tell) => {
      for (const roomId of found.rooms) {
        await checkpoint('audit:mending');
        if (await mendRoom(database, roomId)) mended.add(roomId);
        tell({ done: mended.size, total: found.rooms.size, unit: 'rooms' });
      }
    });
    found = await look(context);
  }
  report.done(`mended ${mended.size === 1 ? '1 room' : `${mended.size} rooms`}`, { mendedRooms: mended.size });
  return exitCode.done;
}

async function look({ database, progress, signal }: JobContext) {
  const now = await readServerClock(database);
  const rooms = new Set<string>();
  const faults = new Map<RoomFault, string[]>();
  let looked = 0;
  await progress.during('looking through the groups', async (report) => {
    for await (const room of auditedRooms(database, signal)) {
      signal.throwIfAborted();
      report(`${++looked} looked at, ${rooms.size} to be mended`);
      for (const fault of mendingOf(room, now).faults) {
        rooms.add(room.roomId);
        faults.set(fault, [...(faults.get(fault) ?? []), room.roomId]);
      }
    }
  });
  return { rooms, faults, plan: planAudit(faults, looked) };
}
