import { shuffled } from '../seeded-random.js';
import { type Ability, type FaultKind, type FaultKindName, faultKinds } from './fault-kinds.js';

/** One fault to come. */
export interface PlannedFault {
  readonly kind: FaultKindName;
  /** How long it lasts; 0 for one that only happens. */
  readonly holdMs: number;
  /** Quiet time after it. */
  readonly restMs: number;
}

/** Faults in an order that the seed decides: every usable kind comes once before any comes again. */
export function planFaults(count: number, random: () => number, usable: readonly FaultKindName[]): PlannedFault[] {
  if (usable.length === 0) throw new Error('no kind of fault is usable');
  const plan: PlannedFault[] = [];
  while (plan.length < count) {
    for (const kind of shuffled(usable, random)) {
      const { isMoment }: FaultKind = faultKinds[kind];
      const holdMs = Math.round(1_000 + random() * 3_000);
      const restMs = Math.round(1_500 + random() * 2_000);
      plan.push({ kind, holdMs: isMoment ? 0 : holdMs, restMs });
    }
  }
  return plan.slice(0, count);
}

/** The kinds that a world with these abilities can do. */
export function usableKinds(abilities: Readonly<Record<Ability, boolean>>): FaultKindName[] {
  const kinds = Object.entries(faultKinds) as [FaultKindName, FaultKind][];
  return kinds.filter(([, { needs }]) => needs === undefined || abilities[needs]).map(([name]) => name);
}
