import { addMonths, type MonthYear } from '@parlance/storage';

/** A job that a month's operator runs. */
export interface YearJob {
  readonly name: string;
  /** The command lines that are due in a month, none where there is nothing to do. */
  due(month: MonthYear, first: MonthYear): readonly (readonly string[])[];
}

/** What runs in each month, in this order. */
export const yearJobs: readonly YearJob[] = [
  { name: 'create-months', due: () => [['create-months']] },
  {
    name: 'seal-month',
    due: (month, first) => (month > first ? [['seal-month', '--month', addMonths(month, -1)]] : []),
  },
];
