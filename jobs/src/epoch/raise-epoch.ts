import { majority, raiseLogEpoch } from '@parlance/storage';
import type { Command } from '../cli/command.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { JobContext } from '../job-context.js';
import { planRaiseEpoch } from './plan-raise-epoch.js';

/** Counting the rooms reads an index key of each. */
const countMs = 60_000;

/** What `raise-epoch` is asked for. */
export interface RaiseEpochOptions {
  /** Only this room; undefined: all. */
  readonly roomId: string | undefined;
  readonly dryRun: boolean;
}

/** `jobs raise-epoch`: what has to follow a backup that was put back by hand. */
export const raiseEpochCommand: Command = {
  name: 'raise-epoch',
  usage: 'raise-epoch [--room ROOM] [--dry-run]',
  doc: 'Says that the logs of rooms were put back to an earlier time: everybody drops what they know of them. Run it after a restore by hand, before the chat services start.',
  alone: false,
  options: { room: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  run: ({ room, 'dry-run': dryRun }, context) =>
    raiseEpoch({ roomId: typeof room === 'string' ? room : undefined, dryRun: dryRun === true }, context),
};

/**
 * Begins a new epoch of the logs of all rooms, or of one. May be repeated, and stopped at any point: run again it only makes
 * everybody load twice. Rejects as the driver does while MongoDB is away.
 */
export async function raiseEpoch(
  { roomId, dryRun }: RaiseEpochOptions,
  { database, progress, report, checkpoint }: JobContext,
): Promise<ExitCode> {
  const which = roomId === undefined ? {} : { roomId };
  const total = await database.rooms.countDocuments(which, majority(countMs));
  const plan = planRaiseEpoch(total, roomId);
  report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'nothing' || dryRun) return exitCode.done;
  await checkpoint('raise-epoch:planned');
  const { epoch, rooms } = await progress.during('raising epochs', (tell) =>
    raiseLogEpoch(database, { ...which, progress: (done) => tell({ done, total, unit: 'rooms' }) }),
  );
  report.done(`${rooms === 1 ? '1 room is' : `${rooms} rooms are`} in the epoch ${epoch}`, { rooms, epoch });
  return exitCode.done;
}
