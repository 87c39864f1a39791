import { endOfMonth, type MonthDocument, type MonthYear, sealableFrom } from '@parlance/storage';
import type { Plan, PlannedStep } from '../plan.js';

/** What `seal-month` has found. */
export interface SealInventory {
  readonly month: MonthYear;
  /** MongoDB's clock, Unix milliseconds. */
  readonly now: number;
  /** The month's entry in `months`; undefined when it has none. */
  readonly entry: Pick<MonthDocument, 'state' | 'epoch'> | undefined;
  /** Rooms with the month as a segment and no seal there. */
  readonly unsealedRooms: number;
}

/** A step of `seal-month`. */
export type SealStep =
  | (PlannedStep & { readonly kind: 'sealRooms'; readonly rooms: number })
  | (PlannedStep & { readonly kind: 'closeMonth'; readonly epoch: number });

/** Why a month may not be sealed now; undefined when it may. Needs no count of rooms. */
export function refusalToSeal({ month, now, entry }: Omit<SealInventory, 'unsealedRooms'>): string | undefined {
  const from = sealableFrom(month);
  if (now < from) {
    return `${month} may be sealed from ${time(from)} on, a day after its end; MongoDB's clock says ${time(now)}`;
  }
  return entry ? undefined : `${month} is not registered in months; no service has written to it`;
}

/** What has to be done to a month that has ended. Pure. */
export function planSealMonth(inventory: SealInventory): Plan<SealStep> {
  const { month, now, entry, unsealedRooms } = inventory;
  const refusal = refusalToSeal(inventory);
  if (refusal !== undefined || !entry) return { verdict: 'refused', reason: refusal ?? '' };
  const steps: SealStep[] = [];
  if (unsealedRooms > 0) {
    const late = entry.state === 'SEALED' ? ', although the month is SEALED' : '';
    const reason = `${count(unsealedRooms)} of ${month} without a seal were found${late}: their logs could still grow there`;
    steps.push({
      kind: 'sealRooms',
      rooms: unsealedRooms,
      what: `seal ${count(unsealedRooms)} in slot head+1 of ${month}`,
      reason,
    });
  }
  if (entry.state === 'OPEN') {
    const what = `count ${month}, then set it from OPEN to SEALED`;
    const reason = `it ended at ${time(endOfMonth(month))}, MongoDB's clock says ${time(now)}, and it is OPEN in epoch ${entry.epoch}`;
    steps.push({ kind: 'closeMonth', epoch: entry.epoch, what, reason });
  }
  return steps.length > 0
    ? { verdict: 'run', steps }
    : { verdict: 'nothing', reason: `${month} is SEALED in epoch ${entry.epoch} and so is every room of it` };
}

function count(rooms: number): string {
  return rooms === 1 ? '1 room' : `${rooms} rooms`;
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
