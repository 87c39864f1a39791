import { type OptionValues, UsageError } from './command.js';

/** A whole number that an option may have, and the one it has when it is not written. */
export interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly otherwise: number;
}

/** The value of an option that takes a whole number. Throws UsageError for anything else. */
export function numberOption(values: OptionValues, name: string, { least, most, otherwise }: NumberRange): number {
  const written = values[name];
  const value = written === undefined ? otherwise : Number(written);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`--${name} must be ${least} to ${most}`);
}
