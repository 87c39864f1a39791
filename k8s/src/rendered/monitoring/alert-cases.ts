import type { AlertCase } from './cases/alert-case.js';
import { jobCases } from './cases/job-cases.js';
import { objectiveCases } from './cases/objective-cases.js';
import { partCases } from './cases/part-cases.js';

/** What the alerts are tried on: for each rule something that it fires for, and something that it does not. */
export const alertCases: readonly AlertCase[] = [...partCases, ...objectiveCases, ...jobCases];
