import type { Plan, PlannedStep } from '../plan.js';
import type { SecretKind } from './secret-kinds.js';

/** One secret to be made. */
export interface SecretStep extends PlannedStep {
  readonly kind: 'makeSecret';
  readonly name: string;
}

/** What there is. */
export interface SecretInventory {
  /** What is wanted. */
  readonly wanted: readonly SecretKind[];
  /** Values that are there, by name. */
  readonly present: ReadonlyMap<string, string>;
  /** Where they lie: "Secret chat/parlance-secrets". */
  readonly where: string;
  /** Nothing can be added there. */
  readonly isImmutable: boolean;
}

/** Decides which secrets to make: those that are missing. What is there is never changed, right or wrong. Shows no value. */
export function planInitSecrets({ wanted, present, where, isImmutable }: SecretInventory): Plan<SecretStep> {
  const missing = wanted.filter(({ name }) => !present.has(name));
  if (missing.length === 0) return { verdict: 'nothing', reason: `${where} has ${names(wanted)}` };
  if (isImmutable) return { verdict: 'refused', reason: `${where} is immutable and has no ${names(missing)}` };
  return {
    verdict: 'run',
    steps: missing.map(({ name, purpose }) => ({
      kind: 'makeSecret',
      name,
      what: `make ${name} in ${where}`,
      reason: `it is not there, and ${purpose}`,
    })),
  };
}

/** What is wrong with values that are there, a line each; a process that reads them would refuse to start. */
export function secretFaults({ wanted, present }: Pick<SecretInventory, 'wanted' | 'present'>): readonly string[] {
  return wanted.flatMap(({ name, fault }) => {
    const value = present.get(name);
    const found = value === undefined ? undefined : fault(value);
    return found === undefined ? [] : [`${name} is left as it is, but it ${found}`];
  });
}

function names(kinds: readonly SecretKind[]): string {
  return kinds.map(({ name }) => name).join(', ');
}
