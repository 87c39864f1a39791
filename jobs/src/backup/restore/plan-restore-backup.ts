import type { MonthYear, RunningService } from '@parlance/storage';
import type { Plan, PlannedStep } from '../../plan.js';

/** A backup that could be restored. */
export interface RestorePoint {
  readonly chain: string;
  readonly sequence: number;
  /** Every room is as it was then or some moments before, ISO 8601. */
  readonly cutAt: string;
  readonly rooms: number;
  /** Records of each month, of this backup and all before it. */
  readonly months: readonly { readonly month: MonthYear; readonly records: number }[];
}

/** What there is, and what is asked for. */
export interface RestoreInventory {
  readonly points: readonly RestorePoint[];
  /** Unix milliseconds: the last backup not after it. Undefined: the last one. */
  readonly to: number | undefined;
  /** What lies in the database now. */
  readonly present: { readonly rooms: number; readonly collections: readonly string[] };
  /** The restore that was begun here and has not ended. */
  readonly mark: { readonly chain: string; readonly sequence: number } | undefined;
  /** What is there may be taken away. */
  readonly replace: boolean;
  /** Services that write to the database. */
  readonly running: readonly RunningService[];
}

/** One step of a restore. */
export type RestoreStep = PlannedStep &
  (
    | { readonly kind: 'clear' }
    | { readonly kind: 'load'; readonly chain: string; readonly sequence: number }
    | { readonly kind: 'verify' }
    | { readonly kind: 'raiseEpochs' }
  );

/** Decides which backup is restored, and whether it may be. Pure. */
export function planRestoreBackup(inventory: RestoreInventory): Plan<RestoreStep> {
  const { points, to, present, mark, replace, running } = inventory;
  const point = points.filter(({ cutAt }) => to === undefined || Date.parse(cutAt) <= to).at(-1);
  if (!point) {
    const when = to === undefined ? '' : ` of a time up to ${new Date(to).toISOString()}`;
    return { verdict: 'refused', reason: `there is no complete backup${when}` };
  }
  if (running.length > 0) return { verdict: 'refused', reason: reasonToStop(running) };
  const isGoingOn = mark?.chain === point.chain && mark.sequence === point.sequence;
  const isEmpty = present.rooms === 0 && present.collections.length === 0;
  if (mark && !isGoingOn && !replace) {
    return {
      verdict: 'refused',
      reason: `a restore of backup ${mark.sequence} of chain ${mark.chain} was begun here: end it, or use --replace`,
    };
  }
  if (!isEmpty && !isGoingOn && !replace) {
    return {
      verdict: 'refused',
      reason: `the database has ${present.rooms} rooms: restore into an empty one, or take what is there away with --replace`,
    };
  }
  const { chain, sequence, cutAt, rooms, months } = point;
  const records = months.reduce((sum, each) => sum + each.records, 0);
  const why = isGoingOn ? 'a restore of the same backup was begun and cut off' : '--replace says that it may go';
  const steps: RestoreStep[] = [
    {
      kind: 'load',
      chain,
      sequence,
      what: `load ${rooms} rooms and ${records} records of ${months.length} months from backup ${sequence} of chain ${chain}`,
      reason: `it is the last one${to === undefined ? '' : ` up to ${new Date(to).toISOString()}`}, as of ${cutAt}`,
    },
    {
      kind: 'verify',
      what: 'count every month and compare the end of every log',
      reason: 'nothing else tells that all of it came',
    },
    {
      kind: 'raiseEpochs',
      what: `begin a new epoch of ${rooms} logs`,
      reason: 'clients and gateways have seen what came after the backup, and have to drop it',
    },
  ];
  if (isEmpty && !isGoingOn) return { verdict: 'run', steps };
  const what = `take away ${present.rooms} rooms and ${present.collections.length} months`;
  return { verdict: 'run', steps: [{ kind: 'clear', what, reason: why }, ...steps] };
}

/** Why nothing is restored while services write. */
export function reasonToStop(running: readonly RunningService[]): string {
  const names = running.map(({ holder, until }) => `${holder}, heard of until ${until.toISOString()}`).join('; ');
  return `services write to this database, stop them first: ${names}`;
}
