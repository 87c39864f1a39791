export { type AuditOptions, audit } from './commands/audit.js';
export { type CreateMonthsOptions, createMonths } from './commands/create-months.js';
export { type SealMonthOptions, sealMonth } from './commands/seal-month.js';
export { type ExitCode, exitCode } from './exit-code.js';
export { Progress } from './progress.js';
export type { JobSurroundings } from './surroundings.js';
