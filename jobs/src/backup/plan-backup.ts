import type { MonthCounts, MonthDocument, MonthYear } from '@parlance/storage';
import type { Plan, PlannedStep } from '../plan.js';

const nameParts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** What there is to be backed up, and what earlier backups have. */
export interface BackupInventory {
  readonly months: readonly BackedUpMonth[];
  readonly rooms: number;
  /** Highest epoch of a log that was begun anew, Unix milliseconds; 0 for none. */
  readonly highestEpoch: number;
  /** MongoDB's clock, Unix milliseconds. */
  readonly now: number;
  /** The newest chain; undefined where there is none. */
  readonly chain: GrowingChain | undefined;
  /** A new chain is asked for. */
  readonly full: boolean;
  /** All chains, oldest first. */
  readonly chains: readonly ChainSize[];
  /** How many of the newest backups have to stay; chains of which none is among them go. Undefined: all stay. */
  readonly keep: number | undefined;
  /** Objects that a backup has left which was cut off. */
  readonly strays: number;
  /** A restore has not ended. */
  readonly isRestoring: boolean;
}

/** What counts of a month. */
export type BackedUpMonth = Pick<MonthDocument, 'monthYear' | 'state' | 'counts'>;

/** The newest chain, as its last backup leaves it. */
export interface GrowingChain {
  readonly name: string;
  readonly backups: number;
  readonly highestEpoch: number;
  /** Months as the last backup found them. */
  readonly months: readonly BackedUpMonth[];
  /** Records of each month in all its backups. */
  readonly records: ReadonlyMap<MonthYear, number>;
}

/** A chain and how many backups it has. */
export interface ChainSize {
  readonly name: string;
  readonly backups: number;
}

/** One step of a backup. */
export type BackupStep = PlannedStep &
  (
    | { readonly kind: 'tidy' }
    | {
        readonly kind: 'backup';
        readonly chain: string;
        /** It goes on where the last backup of the chain ended. */
        readonly isIncrement: boolean;
        readonly months: readonly MonthYear[];
      }
    /** After the backup is complete. */
    | { readonly kind: 'prune'; readonly chains: readonly string[] }
  );

/** Decides whether a backup adds to the newest chain or begins another, and which months it reads. Pure. */
export function planBackup(inventory: BackupInventory): Plan<BackupStep> {
  const { months, rooms, chain, isRestoring } = inventory;
  if (isRestoring) return { verdict: 'refused', reason: 'a restore has not ended: what is there now is a part' };
  if (months.length === 0) return { verdict: 'nothing', reason: 'no month is registered: there is nothing to back up' };
  const anew = reasonForNewChain(inventory);
  const archived = months.filter(({ state }) => state === 'ARCHIVED').length;
  const read = months.filter(({ state }) => state !== 'ARCHIVED').map(({ monthYear }) => monthYear);
  const left = archived > 0 ? `; ${archived} months lie in the archive and stay there` : '';
  const name = anew === undefined && chain ? chain.name : freshName(inventory);
  return {
    verdict: 'run',
    steps: [
      ...tidying(inventory),
      {
        kind: 'backup',
        chain: name,
        isIncrement: anew === undefined,
        months: read,
        what:
          anew === undefined
            ? `add to chain ${name} what ${rooms} rooms have in ${read.length} months since its last backup`
            : `begin chain ${name} with all of ${rooms} rooms in ${read.length} months`,
        reason: `${anew ?? `chain ${name} has ${chain?.backups ?? 0} backups, and all logs have only grown since`}${left}`,
      },
      ...pruning(inventory, name),
    ],
  };
}

/**
 * Chains of which no backup is among the newest `keep`, the one that is being added counted. A chain goes whole or stays whole:
 * each of its backups needs all before it.
 */
function pruning({ chains, keep }: BackupInventory, growing: string): readonly BackupStep[] {
  if (keep === undefined) return [];
  const others = chains.filter(({ name }) => name !== growing);
  let newer = 1 + (chains.find(({ name }) => name === growing)?.backups ?? 0);
  const gone: ChainSize[] = [];
  for (const chain of others.toReversed()) {
    if (newer >= keep) gone.unshift(chain);
    newer += chain.backups;
  }
  if (gone.length === 0) return [];
  const names = gone.map(({ name }) => name);
  const backups = gone.reduce((sum, chain) => sum + chain.backups, 0);
  return [
    {
      kind: 'prune',
      chains: names,
      what: `remove ${backups} backups in ${names.length === 1 ? 'chain' : 'chains'} ${names.join(', ')}`,
      reason: `the newest ${keep} lie in later chains, and no backup needs one of another chain`,
    },
  ];
}

function tidying({ strays }: BackupInventory): readonly BackupStep[] {
  if (strays === 0) return [];
  return [
    {
      kind: 'tidy',
      what: `remove ${strays} objects`,
      reason: 'a backup that was cut off has left them: no manifest names them',
    },
  ];
}

function reasonForNewChain({ chain, full, highestEpoch, months }: BackupInventory): string | undefined {
  if (!chain || chain.backups === 0) return 'there is no backup yet';
  if (full) return 'a new chain was asked for';
  if (highestEpoch > chain.highestEpoch)
    return `logs have begun anew since chain ${chain.name}: they do not go on from it`;
  const missing = months.find((month) => isBehind(month, chain));
  return missing && `chain ${chain.name} lacks records of ${missing.monthYear}, which came to it behind its end`;
}

/**
 * Whether records have come to a month that no room's end tells of: it was in the archive when the chain was made and was
 * brought back since, or holes in it were closed after it was sealed.
 */
function isBehind({ monthYear, state, counts }: BackedUpMonth, { months, records }: GrowingChain): boolean {
  const before = months.find((each) => each.monthYear === monthYear);
  if (state === 'ARCHIVED' || before === undefined || counts === undefined) return false;
  if (before.state === 'ARCHIVED') return records.get(monthYear) !== recordsOf(counts);
  return before.counts !== undefined && recordsOf(before.counts) !== recordsOf(counts);
}

function recordsOf({ messages, rooms, voids }: MonthCounts): number {
  return Number(messages) + Number(rooms) + Number(voids);
}

/** `20261128T213000Z`: sorts behind all chains, also when one was begun in this second or the clock went back. */
function freshName({ now, chains }: BackupInventory): string {
  const newest = chains.at(-1)?.name;
  if (newest === undefined || nameOf(now) > newest) return nameOf(now);
  return nameOf(Date.parse(newest.replace(nameParts, '$1-$2-$3T$4:$5:$6Z')) + 1_000);
}

function nameOf(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}
